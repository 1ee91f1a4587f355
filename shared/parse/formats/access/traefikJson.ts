import type { JsonFormat } from '../../format.js';
import { accessTree, readAccess } from '../../json/accessKeys.js';

/** Traefik's access log in JSON; its common format is one of web servers. https://doc.traefik.io/traefik/observability/access-logs/ */
export const traefikJson: JsonFormat = {
  name: 'traefik-json',
  keys: ['DownstreamStatus'],
  samples: [
    {
      of: 'Traefik',
      line: '{"ClientAddr":"203.0.113.9:41342","ClientHost":"203.0.113.9","ClientPort":"41342","ClientUsername":"-","DownstreamContentSize":12,"DownstreamStatus":200,"Duration":4100000,"OriginContentSize":12,"OriginDuration":3900000,"OriginStatus":200,"Overhead":200000,"RequestAddr":"shop.example.com","RequestContentSize":0,"RequestCount":42,"RequestHost":"shop.example.com","RequestMethod":"GET","RequestPath":"/a?b=c","RequestPort":"-","RequestProtocol":"HTTP/1.1","RequestScheme":"http","RetryAttempts":0,"RouterName":"shop@docker","StartUTC":"2026-11-22T16:41:02.123456789Z","entryPointName":"web","level":"info","msg":"","request_User-Agent":"curl/8.5.0","time":"2026-11-22T16:41:02Z"}',
    },
  ],
  parse(object) {
    return Object.hasOwn(object, 'DownstreamStatus') ? readAccess(tree, object) : undefined;
  },
};

const tree = accessTree({
  time: ['StartUTC', 'StartLocal', 'time'],
  status: ['DownstreamStatus'],
  method: ['RequestMethod'],
  target: ['RequestPath'],
  protocol: ['RequestProtocol'],
  client_ip: ['ClientHost', 'ClientAddr'],
  bytes: ['DownstreamContentSize'],
  nanoseconds: ['Duration'],
  referer: ['request_Referer', 'request_referer'],
  user_agent: ['request_User-Agent', 'request_user-agent'],
  host: ['RequestHost', 'RequestAddr'],
  request_id: ['request_X-Request-Id', 'request_x-request-id'],
});
