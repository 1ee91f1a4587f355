import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { closingQuote } from '../../tokens.js';

/** nginx's error log. Its time names no zone, so it stays in `fields`. */
export const nginxError: TextFormat = {
  name: 'nginx-error',
  first: /\d/,
  dates: ['2026/11/22 '],
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
  const [head, time, level, pid, tid, connection] = match;
  const context = contextStart(line, head.length);
  const fields: Fields = [
    ['pid', Number(pid)],
    ['tid', Number(tid)],
  ];
  if (connection) fields.push(['connection', Number(connection)]);
  if (context < line.length) addContext(fields, line, context);
  return toEntry({ time, level, logger: 'nginx', message: line.slice(head.length, context), fields });
}

/** Where the message ends and the request's context begins: `, client: 203.0.113.9, server: `. */
export function contextStart(line: string, start: number): number {
  for (let at = line.indexOf(client, start); at >= 0; at = line.indexOf(client, at + 1)) {
    const end = line.indexOf(',', at + client.length);
    if (end >= 0 && line.startsWith(', server: ', end)) return at;
  }
  return line.length;
}

/** Pairs follow each other as far as the line is whole; what stands between two of them is no context. */
function addContext(fields: Fields, line: string, start: number): void {
  for (let at = start; at < line.length; ) {
    const keyEnd = line.indexOf(': ', at);
    const key = contextKeys.get(line.slice(at, keyEnd));
    const valueStart = keyEnd + 2;
    const isQuoted = line.charCodeAt(valueStart) === QUOTE;
    const end = isQuoted ? closingQuote(line, valueStart + 1) : valueEnd(line, valueStart);
    if (key === undefined || keyEnd < 0 || end < 0) {
      addPairs(fields, line.slice(at));
      return;
    }
    fields.push([key, line.slice(isQuoted ? valueStart + 1 : valueStart, end)]);
    at = isQuoted ? end + 1 : end;
  }
}

function valueEnd(line: string, start: number): number {
  const comma = line.indexOf(',', start);
  return comma < 0 ? line.length : comma;
}

function addPairs(fields: Fields, text: string): void {
  for (const [, name = '', quoted, bare] of text.matchAll(nginxPair)) {
    fields.push([contextKeys.get(`, ${name}`) ?? name, quoted ?? bare ?? '']);
  }
}

function parseApacheError(line: string): Parsed | undefined {
  const match = apache.exec(line);
  if (!match) return undefined;
  const [, time, module, level, rest = ''] = match;
  const fields: Fields = [];
  let end = 0;
  for (const [text, process, key = '', value] of rest.matchAll(apachePair)) {
    if (process === undefined) fields.push([key, value]);
    else fields.push(...processOf(process));
    end += text.length;
  }
  const logger = module ? `apache.${module}` : 'apache';
  return toEntry({ time, level, logger, message: rest.slice(end), fields });
}

/** `35`, or with its thread `35:tid 14`. */
function processOf(value = ''): Fields {
  const [pid, tid] = value.split(':tid ');
  return [['pid', Number(pid)], ...(tid === undefined ? [] : [['tid', Number(tid)] as const])];
}

const nginx = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (\d+)#(\d+): (?:\*(\d+) )?/;
const client = ', client: ';
/** By the text before each, what stands behind `: ` has for its key in `fields`. */
export const contextKeys: ReadonlyMap<string, string> = new Map(
  ['client', 'server', 'request', 'subrequest', 'upstream', 'host', 'referrer'].map((key) => [
    `, ${key}`,
    key === 'referrer' ? 'referer' : key,
  ]),
);
const nginxPair = /, (client|server|request|subrequest|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*)"|([^,]*))/g;
const QUOTE = 34;
const apache = /^\[(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(\w*):)?(\w+)\] (.*)$/s;
const apachePair = /\[(?:pid (\d{1,10}(?::tid \d{1,20})?)|(client|remote) ([^\]]+))\] /gy;
