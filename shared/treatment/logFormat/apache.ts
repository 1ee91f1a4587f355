import { decodeLogEscapes } from '../../text/logEscapes.js';
import { readApacheDirective } from './apacheDirective.js';
import { complete, hasZone, timeParts, timeValue } from './apacheTime.js';
import type { ServerFormat } from './serverFormat.js';
import type { Shape } from './shape.js';
import * as shapes from './shape.js';
import { type Escaping, LogFormatError, type Piece, type Target, type TextColumn, type Value } from './value.js';

/**
 * Reads the string of Apache's `LogFormat`, or the whole directive.
 *
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats, https://httpd.apache.org/docs/2.4/mod/mod_logio.html#formats
 *
 * @throws LogFormatError when Apache would refuse it.
 */
export function readApache(text: string): ServerFormat {
  return { pieces: joinTimes(itemsOf(readApacheDirective(text))), escaping };
}

const escaping: Escaping = { escapesQuotes: true, mayBeEmpty: false, decode: decodeLogEscapes };

/** A piece, or a part of a time that others may belong to. */
type Item = Piece | TimeItem;

interface TimeItem {
  readonly time: ReturnType<typeof timeParts>;
  readonly name: string;
}

function itemsOf(format: string): readonly Item[] {
  const items: Item[] = [];
  const put = (literal: string) => {
    const last = items.at(-1);
    if (typeof last === 'string') items[items.length - 1] = last + literal;
    else items.push(literal);
  };
  for (const { 0: whole, 1: argument, 2: letter, index } of format.matchAll(token)) {
    if (whole === '%%') put('%');
    else if (whole[0] !== '%') put(whole.replace(/\\([\\rnt])/g, (_, escaped: string) => controls[escaped] ?? escaped));
    else if (letter === undefined || letter === '{') {
      throw new LogFormatError(
        `"${format.slice(index, index + 20)}" is no whole directive; close its braces and write its letter, or %% for a percent sign`,
      );
    } else if (letter === 't') items.push({ time: timeParts(argument ?? ''), name: whole });
    else items.push(apacheValue(whole, letter, argument));
  }
  return items;
}

/** `%`, the statuses it is limited to, which request is meant, an argument in braces, and the letter. */
const token = /%%|%(?:[!<>,\d]|\{([^}]*)\})*(\^[A-Za-z]{2}|[\s\S])?|[^%]+/g;
const controls: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t' };

/** `%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t` is one time; so is one with a fixed zone behind it. */
function joinTimes(items: readonly Item[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item === undefined) break;
    if (typeof item === 'string' || !('time' in item)) {
      pieces.push(item);
      continue;
    }
    let { time, name } = item;
    for (;;) {
      const [glue, next] = [items[at + 1], items[at + 2]];
      const direct = typeof glue === 'object' && 'time' in glue ? glue : undefined;
      const other = direct ?? (typeof next === 'object' && 'time' in next ? next : undefined);
      const between = direct ? '' : glue;
      if (!other || typeof between !== 'string' || !betweenParts.test(between) || !complete(time, other.time)) break;
      time = [...time, between, ...other.time];
      name += between + other.name;
      at += direct ? 1 : 2;
    }
    const after = items[at + 1];
    const zone = typeof after === 'string' && !hasZone(time) ? fixedZone.exec(after)?.[0] : undefined;
    pieces.push(timeValue(name, zone === undefined ? time : [...time, zone]));
    if (typeof after === 'string' && zone !== undefined) {
      if (after.length > zone.length) pieces.push(after.slice(zone.length));
      at++;
    }
  }
  return pieces;
}

const betweenParts = /^[ T.,:_/-]{0,3}$/;
const fixedZone = /^(?:Z| ?UTC| ?GMT| ?[+-]\d\d:?\d\d)(?![\w:])/;

/** What a directive writes, by its letter and the argument in its braces. */
function apacheValue(name: string, letter: string, argument: string | undefined): Value {
  const known = apacheDirectives.get(letter);
  if (!known) {
    throw new LogFormatError(
      `Apache's LogFormat has no %${letter}, as in "${name}"; take it out, or write %% for a percent sign`,
    );
  }
  if (known.needs !== undefined && !argument) {
    throw new LogFormatError(`%${letter} needs a name in braces, as in %{${known.needs}}${letter}`);
  }
  const { field, target, shape, example } = known.of(argument ?? '', name);
  return { name, field, shape, example, ...(target && { target }) };
}

interface Directive {
  /** A name that it may have in its braces, when it needs one. */
  readonly needs?: string;
  readonly of: (argument: string, whole: string) => Written;
}

interface Written {
  readonly field: string;
  readonly shape: Shape;
  readonly example: string;
  readonly target?: Target;
}

/** What Apache's directives write, and those of mod_logio and mod_ssl; `%t` is apart. */
export const apacheDirectives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['a', { of: (of) => (of === 'c' ? client('remote_addr', 4, '10.0.0.7') : client('client_ip', 1, '203.0.113.9')) }],
  [
    'h',
    {
      of: (of) => ({
        ...client(of === 'c' ? 'peer_host' : 'remote_host', of === 'c' ? 5 : 2, '203.0.113.9'),
        shape: shapes.host,
      }),
    },
  ],
  ['A', always({ field: 'server_addr', shape: shapes.address, example: '10.0.0.2' })],
  ['l', always({ field: 'ident', shape: shapes.word, example: '-' })],
  ['u', always({ field: 'remote_user', shape: shapes.anything, example: 'anna' })],
  [
    'r',
    always({
      field: 'request',
      shape: shapes.anything,
      example: 'GET /a?b=c HTTP/1.1',
      target: { column: 'request', rank: 1 },
    }),
  ],
  ['m', always(text('method', 2, shapes.method, 'GET', 'request_method'))],
  ['U', always(text('path', 2, shapes.path, '/a', 'uri'))],
  ['q', always(text('query', 2, shapes.markedQuery, '?b=c', 'query_string'))],
  ['H', always(text('protocol', 2, shapes.word, 'HTTP/1.1', 'server_protocol'))],
  [
    's',
    {
      of: (_, whole) => ({
        field: 'original_status',
        shape: shapes.status,
        example: '200',
        target: { column: 'status', rank: whole.includes('>') ? 1 : 2 },
      }),
    },
  ],
  // Without headers; `%b` writes - for none.
  ['B', always(bytes('body_bytes_sent', 1, '12'))],
  ['b', always(bytes('body_bytes_sent', 2, '12'))],
  // mod_logio: with headers.
  ['O', always(bytes('bytes_sent', 3, '312'))],
  ['I', always(number('bytes_received', '321'))],
  ['S', always(number('bytes_transferred', '633'))],
  ['^FU', always(number('upload_microseconds', '150'))],
  ['^FB', always(number('first_byte_microseconds', '3900'))],
  ['D', always(duration('request_microseconds', '4100', 1, 1e-3))],
  ['T', { of: durationIn }],
  ['v', always(text('host', 3, shapes.host, 'shop.example.com', 'server_name'))],
  ['V', always(text('host', 2, shapes.host, 'shop.example.com', 'canonical_name'))],
  [
    'p',
    {
      of: (of) =>
        number(
          { remote: 'client_port', local: 'local_port' }[of.toLowerCase()] ?? 'server_port',
          of === 'remote' ? '41212' : '443',
        ),
    },
  ],
  [
    'P',
    {
      of: (of) =>
        of === 'hextid'
          ? { field: 'tid', shape: shapes.word, example: '7f3c' }
          : number(of === 'tid' ? 'tid' : 'pid', '17'),
    },
  ],
  ['k', always(number('keepalive_requests', '0'))],
  ['X', always({ field: 'connection_status', shape: { kind: 'fixed', source: '[X+]', first: 'X+-' }, example: '+' })],
  ['f', always({ field: 'filename', shape: shapes.anything, example: '/var/www/a' })],
  ['F', always({ field: 'flushed', shape: { kind: 'fixed', source: 'F', first: 'F-' }, example: '-' })],
  ['R', always({ field: 'handler', shape: shapes.word, example: 'proxy-server' })],
  [
    'L',
    {
      of: (of) =>
        of === 'c' ? { field: 'connection_log_id', shape: shapes.word, example: 'Zq0xU' } : requestId('log_id', 4),
    },
  ],
  ['i', { needs: 'Referer', of: requestHeader }],
  ['o', { needs: 'Content-Type', of: responseHeader }],
  ['^ti', { needs: 'Checksum', of: (header) => other(`trailer_${snakeCase(header)}`) }],
  ['^to', { needs: 'Checksum', of: (header) => other(`sent_trailer_${snakeCase(header)}`) }],
  ['C', { needs: 'session', of: (cookie) => other(`cookie_${cookie}`) }],
  [
    'e',
    { needs: 'UNIQUE_ID', of: (variable) => (variable === 'UNIQUE_ID' ? requestId('unique_id', 3) : other(variable)) },
  ],
  ['n', { needs: 'ratio', of: other }],
  ['x', { needs: 'SSL_PROTOCOL', of: sslVariable }],
  ['c', { needs: 'cipher', of: (of) => other(of === 'version' ? 'ssl_protocol' : `ssl_${snakeCase(of)}`) }],
]);

function always(written: Written): Directive {
  return { of: () => written };
}

function client(field: string, rank: number, example: string): Written {
  return { field, shape: shapes.address, example, target: { column: 'client_ip', rank } };
}

function text(column: TextColumn, rank: number, shape: Shape, example: string, field: string = column): Written {
  return { field, shape, example, target: { column, rank } };
}

function number(field: string, example: string): Written {
  return { field, shape: shapes.count, example };
}

function bytes(field: string, rank: number, example: string): Written {
  return { ...number(field, example), target: { column: 'bytes', rank } };
}

function duration(field: string, example: string, rank: number, unit: number): Written {
  return { ...number(field, example), target: { column: 'duration_ms', rank, unit } };
}

/** Of a unit that Apache does not know it writes the unit. */
function durationIn(unit: string): Written {
  switch (unit.toLowerCase()) {
    case 'us':
      return duration('request_microseconds', '4100', 1, 1e-3);
    case 'ms':
      return duration('request_milliseconds', '4', 2, 1);
    case '':
    case 's':
      return duration('request_seconds', '0', 3, 1000);
    default:
      throw new LogFormatError(`%{${unit}}T names no unit that Apache knows; write %{us}T, %{ms}T or %{s}T`);
  }
}

function requestHeader(header: string): Written {
  switch (header.toLowerCase()) {
    case 'referer':
      return text('referer', 1, shapes.word, 'https://shop.example.com/');
    case 'user-agent':
      return text('user_agent', 1, shapes.anything, 'curl/8.5.0');
    case 'host':
      return text('host', 1, shapes.host, 'shop.example.com', 'http_host');
    case 'x-request-id':
      return requestId('http_x_request_id', 1);
    case 'x-forwarded-for':
      return {
        ...{ field: 'x_forwarded_for', shape: shapes.forwarded, example: '203.0.113.9, 10.0.0.7' },
        target: { column: 'clients', rank: 6 },
      };
    default:
      return other(`http_${snakeCase(header)}`);
  }
}

function responseHeader(header: string): Written {
  const field = `sent_http_${snakeCase(header)}`;
  return header.toLowerCase() === 'x-request-id' ? requestId(field, 2) : other(field);
}

function requestId(field: string, rank: number): Written {
  return text('request_id', rank, shapes.word, 'Zq0xUaBkLw4AAB7YKw0AAAAB', field);
}

/** `SSL_PROTOCOL` as other formats name it, `ssl_protocol`; any variable of the server may be asked for. */
function sslVariable(variable: string): Written {
  const field = variable.toLowerCase();
  if (field === 'ssl_protocol') return { field, shape: shapes.word, example: 'TLSv1.3' };
  if (field === 'ssl_cipher') return { field, shape: shapes.word, example: 'TLS_AES_256_GCM_SHA384' };
  return other(field);
}

function other(field: string): Written {
  return { field, shape: shapes.anything, example: 'abc' };
}

function snakeCase(header: string): string {
  return header.toLowerCase().replaceAll('-', '_');
}
