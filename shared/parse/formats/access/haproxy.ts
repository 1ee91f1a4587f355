import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { numberOrText } from '../../tokens.js';
import { putNumber } from '../../values/number.js';
import { parseTime } from '../../values/time.js';
import { absoluteRequest } from './absoluteRequest.js';

/**
 * HAProxy's logs of requests and of TCP connections, as they come or with syslog's header. Their own time names no zone.
 *
 * https://docs.haproxy.org/3.0/configuration.html#8.2
 */
export const haproxy: TextFormat = {
  name: 'haproxy',
  first: /[\w.:[<-]/,
  dates: [],
  samples: [
    {
      of: 'HAProxy, HTTP log',
      line: '203.0.113.9:53332 [22/Nov/2026:16:41:02.143] http-in~ shop/web1 0/0/7/143/150 200 512 - - ---- 2/1/0/0/0 0/0 "GET /a?b=c HTTP/1.1"',
    },
    {
      of: 'HAProxy, HTTP log through syslog, with captured headers',
      line: '<134>Nov 22 16:41:02 haproxy[7]: 203.0.113.9:53332 [22/Nov/2026:16:41:02.143] http-in shop/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 2/1/0/0/0 0/0 {shop.example.com} {} "GET /a HTTP/1.1"',
    },
    {
      of: 'HAProxy, TCP log',
      line: '203.0.113.9:41342 [22/Nov/2026:16:41:02.143] tcp-in db/pg1 1/0/5012 2048 -- 1/1/0/0/0 0/0',
    },
  ],
  parse: parseHaproxy,
};

/** What HAProxy says of its servers and itself. A server that is down is an error, a backend without any is fatal. */
export const haproxyNotice: TextFormat = {
  name: 'haproxy-notice',
  first: /[[A-Za-z]/,
  dates: [],
  samples: [
    {
      of: 'HAProxy, a server',
      line: 'Server shop/web1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
    },
    { of: 'HAProxy, on stderr', line: "[ALERT]    (1) : backend 'shop' has no server available!" },
  ],
  parse(line): Parsed | undefined {
    const stated = process.exec(line);
    if (stated) {
      const [, level, time, pid, message = ''] = stated;
      const fields: Fields = [['pid', Number(pid)]];
      return toEntry({ time, level, logger: 'haproxy', message, fields });
    }
    const header = traditional.exec(line);
    const message = line.slice(header?.[0].length ?? 0);
    const state = server.exec(message)?.[1];
    const level =
      state === undefined ? (backend.test(message) ? 'fatal' : undefined) : state === 'DOWN' ? 'error' : 'info';
    if (level === undefined) return undefined;
    const { time, host, pid } = header?.groups ?? {};
    const fields: Fields = [
      ['host', host],
      ['pid', pid === undefined ? undefined : Number(pid)],
    ];
    return toEntry({ time, level, logger: 'haproxy', message, fields });
  },
};

/**
 * A connection that failed before there was a request. It is nothing that HAProxy itself calls an error.
 *
 * https://docs.haproxy.org/3.0/configuration.html#8.2.6
 */
export const haproxyConnection: TextFormat = {
  name: 'haproxy-connection',
  first: /[\w.:[<-]/,
  dates: [],
  samples: [
    {
      of: 'HAProxy, a connection that failed',
      line: '203.0.113.9:53332 [22/Nov/2026:16:41:02.143] https-in/1: SSL handshake failure',
    },
  ],
  parse(line): Parsed | undefined {
    const header = syslog.exec(line);
    const groups = connection.exec(header ? line.slice(header[0].length) : line)?.groups;
    if (!groups) return undefined;
    const { client = '', port, time, frontend, listener, message = '' } = groups;
    const fields: Fields = [
      ['time', time],
      ['client_ip', client.replace(/^\[|\]$/g, '')],
      ['client_port', port === undefined ? undefined : Number(port)],
      ['frontend', frontend],
      ['listener', listener],
    ];
    return toEntry({ time: header?.groups?.time, logger: 'haproxy', message, fields });
  },
};

function parseHaproxy(line: string): Parsed | undefined {
  const header = syslog.exec(line);
  const text = header ? line.slice(header[0].length) : line;
  const groups = (http.exec(text) ?? tcp.exec(text))?.groups;
  if (!groups) return undefined;
  const { client = '', port, time, frontend, backend: pool, server: chosen, timers = '', status, bytes = '' } = groups;
  const columns: AccessColumns = {};
  if (client !== '-') columns.client_ip = client.replace(/^\[|\]$/g, '');
  if (groups.request !== undefined) Object.assign(columns, absoluteRequest(groups.request));
  const fields: Fields = [
    ['time', time],
    ...(port ? [['client_port', Number(port)] as const] : []),
    ['frontend', frontend],
    ['backend', pool],
    ['server', chosen],
    ['timers', timers],
  ];
  // -1 stands for a request that was never whole.
  if (status !== '-1') putNumber(columns, fields, 'status', status ?? '');
  // `+` says that the log was written before the response was whole.
  putNumber(columns, fields, 'bytes', bytes.replace('+', ''));
  putNumber(columns, fields, 'duration_ms', timers.slice(timers.lastIndexOf('/') + 1).replace('+', ''));
  for (const key of ['termination_state', 'connections', 'queues', 'captured', 'tail']) {
    const value = groups[key]?.trim();
    if (value) fields.push([key, numberOrText(value)]);
  }
  return { type: 'access', time: parseTime(header?.groups?.time), columns, fields };
}

const syslog =
  /^(?:<1?\d{1,2}>)?(?:(?:1 )?(?<time>\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) \S{1,255} |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:[\w.-]{1,255} )?)?[\w.-]{1,48}(?:\[\d{1,10}\]: | \d{1,10} \S{1,32} (?:-|\[[^\]]{1,255}\]) )/;
const client =
  '^(?<client>[\\da-fA-F.:]{2,45}?|\\[[\\da-fA-F:.]{2,45}\\]|unix|-)(?::(?<port>\\d{1,5}))? \\[(?<time>\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d\\.\\d{3})\\] ';
const connection = new RegExp(
  `${client}(?<frontend>[^\\s/]{1,255})/(?<listener>[^\\s:]{1,255}): (?<message>\\S.*)$`,
  's',
);
const start = `${client}(?<frontend>\\S{1,255}) (?<backend>[^\\s/]{1,255})/(?<server>\\S{1,255}) `;
const end = '(?<connections>\\d+/\\d+/\\d+/\\d+/\\+?\\d+) (?<queues>\\d+/\\d+)';
const http = new RegExp(
  `${start}(?<timers>[-+\\d]{1,12}(?:/[-+\\d]{1,12}){3,4}) (?<status>\\d{3}|-1) (?<bytes>\\+?\\d{1,40}) \\S{1,4096} \\S{1,4096} (?<termination_state>[A-Za-z-]{4}) ${end}(?<captured>(?: \\{[^}]*\\}){0,2}) "(?<request>[^"]*)"?(?<tail> .*)?$`,
  's',
);
const tcp = new RegExp(
  `${start}(?<timers>[-+\\d]{1,12}(?:/[-+\\d]{1,12}){2}) (?<bytes>\\+?\\d{1,40}) (?<termination_state>[A-Za-z-]{2}) ${end}(?<tail> .*)?$`,
  's',
);
const process = /^\[(ALERT|WARNING|NOTICE)\]\s{1,8}(\d{3}\/\d{6} )?\((\d{1,10})\) : (.*)$/s;
/** The file format of syslog daemons, which has no priority to tell a level. */
const traditional =
  /^(?:(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?:(?<host>[\w.-]{1,255}) )?)?haproxy\[(?<pid>\d{1,10})\]: /;
const server = /^(?:Backup )?[Ss]erver [\w.-]{1,255}\/[\w.-]{1,255} (?:is |was )(?:going )?(UP|DOWN)\b/;
const backend = /^(?:backend|proxy) '?[\w.-]{1,255}'? has no server available!/;
