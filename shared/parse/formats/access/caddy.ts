import type { JsonFormat } from '../../format.js';
import { accessTree, hasObject, readAccess } from '../../json/accessKeys.js';

/** Caddy's access log. https://caddyserver.com/docs/logging#structured-logs, https://caddyserver.com/docs/caddyfile/directives/log */
export const caddy: JsonFormat = {
  name: 'caddy',
  keys: ['request'],
  samples: [
    {
      of: 'Caddy',
      line: '{"level":"info","ts":1795365662.1234567,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"10.0.0.7","remote_port":"41342","client_ip":"203.0.113.9","proto":"HTTP/2.0","method":"GET","host":"shop.example.com","uri":"/a?b=c","headers":{"User-Agent":["curl/8.5.0"],"Accept":["*/*"]},"tls":{"resumed":false,"version":772,"cipher_suite":4865,"proto":"h2","server_name":"shop.example.com"}},"bytes_read":0,"user_id":"","duration":0.0041,"size":12,"status":200,"resp_headers":{"Server":["Caddy"]}}',
    },
  ],
  parse(object) {
    // Its error log shares the request but for the size.
    if (!hasObject(object, 'request') || !Object.hasOwn(object, 'size')) return undefined;
    return readAccess(tree, object);
  },
};

const tree = accessTree({
  time: ['ts'],
  status: ['status'],
  method: ['request.method'],
  target: ['request.uri'],
  protocol: ['request.proto'],
  client_ip: ['request.client_ip', 'request.remote_ip'],
  bytes: ['size'],
  seconds: ['duration'],
  /** With `duration_format string`. */
  duration: ['duration'],
  referer: ['request.headers.Referer'],
  user_agent: ['request.headers.User-Agent'],
  host: ['request.host'],
  request_id: ['request.headers.X-Request-Id'],
});
