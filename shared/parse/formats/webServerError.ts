import { toEntry } from '../entry.js';
import type { TextFormat } from '../format.js';
import type { Fields, Parsed } from '../parsed.js';

/** nginx's error log. Its time names no zone, so it stays in `fields`. */
export const nginxError: TextFormat = {
  name: 'nginx-error',
  first: /\d/,
  samples: [
    {
      of: 'nginx, error log',
      line: '2026/11/22 16:41:02 [error] 7#7: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: shop, request: "GET /api HTTP/1.1", upstream: "http://10.0.0.1:8099/api", host: "shop.example.com"',
    },
  ],
  parse: parseNginxError,
};

/** Apache's error log, 2.4 and before. */
export const apacheError: TextFormat = {
  name: 'apache-error',
  first: /\[/,
  samples: [
    {
      of: 'Apache, error log',
      line: '[Sun Nov 22 16:41:02.123456 2026] [proxy:error] [pid 35:tid 14] [client 203.0.113.9:357] AH00957: http: attempt to connect to 10.0.0.1:8099 failed',
    },
  ],
  parse: parseApacheError,
};

function parseNginxError(line: string): Parsed | undefined {
  const match = nginx.exec(line);
  if (!match) return undefined;
  const [, time, level, pid, tid, connection, text = ''] = match;
  const context = nginxContext.exec(text);
  const fields: Fields = [
    ['pid', Number(pid)],
    ['tid', Number(tid)],
  ];
  if (connection) fields.push(['connection', Number(connection)]);
  if (context) {
    for (const [, key = '', quoted, bare] of text.slice(context.index).matchAll(nginxPair)) {
      fields.push([key === 'referrer' ? 'referer' : key, quoted ?? bare ?? '']);
    }
  }
  const message = context ? text.slice(0, context.index) : text;
  return toEntry({ time, level, logger: 'nginx', message, fields });
}

function parseApacheError(line: string): Parsed | undefined {
  const match = apache.exec(line);
  if (!match) return undefined;
  const [, time, module, level, rest = ''] = match;
  const fields: Fields = [];
  let end = 0;
  for (const [text, key = '', value] of rest.matchAll(apachePair)) {
    fields.push([key, value]);
    end += text.length;
  }
  const logger = module ? `apache.${module}` : 'apache';
  return toEntry({ time, level, logger, message: rest.slice(end), fields });
}

const nginx = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (\d+)#(\d+): (?:\*(\d+) )?(.*)$/s;
/** Where the message ends and the request's context begins. */
const nginxContext = /, client: [^,]*, server: /;
const nginxPair = /, (client|server|request|subrequest|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*)"|([^,]*))/g;
const apache = /^\[(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(\w*):)?(\w+)\] (.*)$/s;
const apachePair = /\[(pid|client|remote) ([^\]]+)\] /gy;
