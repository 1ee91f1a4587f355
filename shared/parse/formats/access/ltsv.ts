import type { Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { accessTree, readAccess } from '../../json/accessKeys.js';

/** Labelled tab-separated values, an access line under the recommended labels: http://ltsv.org */
export const ltsv: TextFormat = {
  name: 'ltsv',
  first: /[a-z_]/,
  samples: [
    {
      of: 'nginx and Apache, LTSV',
      line: 'time:22/Nov/2026:16:41:02 +0000\thost:203.0.113.9\treq:GET /a?b=c HTTP/1.1\tstatus:200\tsize:12\treferer:-\tua:curl/8.5.0\treqtime:0.004\tvhost:shop.example.com',
    },
  ],
  parse(line): Parsed | undefined {
    if (!line.includes('\tstatus:') && !line.startsWith('status:')) return undefined;
    const pairs: [string, string][] = [];
    for (const part of line.split('\t')) {
      const [whole = '', label = ''] = labelled.exec(part) ?? [];
      if (whole === '') return undefined;
      const value = part.slice(whole.length);
      if (value !== '-') pairs.push([label, label === 'time' ? value.replace(/^\[|\]$/g, '') : value]);
    }
    return readAccess(tree, Object.fromEntries(pairs));
  },
};

const labelled = /^([a-z_][\w.-]{0,63}):/;
const tree = accessTree({
  time: ['time', 'time_local', 'time_iso8601'],
  status: ['status'],
  request: ['req', 'request'],
  method: ['method'],
  target: ['uri', 'path'],
  protocol: ['protocol'],
  client_ip: ['host', 'remote_addr', 'client_ip'],
  bytes: ['size', 'bytes', 'body_bytes_sent'],
  seconds: ['reqtime', 'request_time'],
  referer: ['referer'],
  user_agent: ['ua', 'user_agent'],
  host: ['vhost', 'server_name'],
  request_id: ['request_id', 'reqid'],
});
