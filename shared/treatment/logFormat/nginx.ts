import { parseClfTime, parseEpoch, parseIsoTime } from '../../parse/values/time.js';
import { unescapeJson } from '../../text/json.js';
import { decodeLogEscapes } from '../../text/logEscapes.js';
import { type NginxEscape, readNginxDirective } from './nginxDirective.js';
import type { ServerFormat } from './serverFormat.js';
import type { Shape } from './shape.js';
import * as shapes from './shape.js';
import { type Escaping, LogFormatError, type Piece, type Target, type TextColumn, type Value } from './value.js';

/**
 * Reads the string of nginx's `log_format`, or the whole directive.
 *
 * https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format, https://nginx.org/en/docs/varindex.html
 *
 * @throws LogFormatError when nginx would refuse it.
 */
export function readNginx(text: string): ServerFormat {
  const { escaping, format } = readNginxDirective(text);
  return { pieces: piecesOf(format), escaping: escapings[escaping] };
}

const escapings: Readonly<Record<NginxEscape, Escaping>> = {
  default: { escapesQuotes: true, mayBeEmpty: false, decode: decodeLogEscapes },
  json: { escapesQuotes: true, mayBeEmpty: true, decode: (text) => unescapeJson(text) ?? text },
  none: { escapesQuotes: false, mayBeEmpty: true, decode: (text) => text },
};

function piecesOf(format: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < format.length; ) {
    const dollar = format.indexOf('$', at);
    const end = dollar < 0 ? format.length : dollar;
    if (end > at) pieces.push(format.slice(at, end));
    if (dollar < 0) break;
    variableAt.lastIndex = dollar;
    const [whole, braced, bare] = variableAt.exec(format) ?? [];
    const name = braced ?? bare;
    if (whole === undefined || name === undefined) {
      throw new LogFormatError(
        `no name of a variable follows the $ in "${format.slice(dollar, dollar + 12)}"; write $name or \${name}`,
      );
    }
    pieces.push(nginxValue(name));
    at = dollar + whole.length;
  }
  return pieces;
}

const variableAt = /\$(?:\{(\w+)\}|(\w+))/y;

/** The variable of that name, whose case makes no difference: one that nobody knows, as of a `map`, is a text. */
function nginxValue(variable: string): Value {
  const known: Variable = nginxVariables.get(variable.toLowerCase()) ?? { shape: shapes.anything, example: 'abc' };
  return { name: `$${variable}`, field: variable, ...known };
}

interface Variable {
  readonly shape: Shape;
  readonly example: string;
  readonly target?: Target;
  /** The key in `fields`, when it is not the variable's name; undefined when the value says nothing by itself. */
  readonly field?: string | undefined;
}

/** What is known of nginx's variables, and of those that the configurations of ingress-nginx and Kong add. */
export const nginxVariables: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ['remote_addr', client(1, '203.0.113.9')],
  ['the_real_ip', client(2, '203.0.113.9')],
  ['proxy_protocol_addr', client(3, '203.0.113.9')],
  ['http_x_real_ip', client(4, '203.0.113.9')],
  [
    'http_x_forwarded_for',
    { ...forwarded('203.0.113.9, 10.0.0.7'), target: { column: 'clients', rank: 5 }, field: 'x_forwarded_for' },
  ],
  ['proxy_add_x_forwarded_for', { ...forwarded('203.0.113.9, 10.0.0.7'), target: { column: 'clients', rank: 6 } }],
  ['realip_remote_addr', client(7, '10.0.0.7')],
  ['remote_port', { ...number('41212'), field: 'client_port' }],
  ['remote_user', { shape: shapes.anything, example: 'anna' }],

  [
    'msec',
    { ...decimal('1795365662.123'), target: { column: 'time', rank: 1, read: (text) => parseEpoch(Number(text)) } },
  ],
  [
    'time_iso8601',
    {
      shape: shapes.isoTime,
      example: '2026-11-22T16:41:02+00:00',
      target: { column: 'time', rank: 2, read: parseIsoTime },
    },
  ],
  [
    'time_local',
    {
      shape: shapes.commonTime,
      example: '22/Nov/2026:16:41:02 +0000',
      target: { column: 'time', rank: 3, read: parseClfTime },
    },
  ],

  ['request', { shape: shapes.anything, example: 'GET /a?b=c HTTP/1.1', target: { column: 'request', rank: 1 } }],
  ['request_method', text('method', 2, shapes.method, 'GET')],
  ['request_uri', { shape: shapes.target, example: '/a?b=c', target: { column: 'target', rank: 2 } }],
  ['uri', text('path', 3, shapes.path, '/a')],
  ['document_uri', text('path', 4, shapes.path, '/a')],
  ['args', text('query', 3, shapes.word, 'b=c')],
  ['query_string', text('query', 4, shapes.word, 'b=c')],
  ['is_args', { shape: shapes.isArgs, example: '?', field: undefined }],
  ['server_protocol', text('protocol', 2, shapes.word, 'HTTP/1.1')],

  ['status', { shape: shapes.status, example: '200', target: { column: 'status', rank: 1 } }],
  ['body_bytes_sent', { ...number('12'), target: { column: 'bytes', rank: 1 } }],
  ['bytes_sent', { ...number('312'), target: { column: 'bytes', rank: 2 } }],
  // Seconds, with milliseconds behind the point.
  ['request_time', { ...decimal('0.004'), target: { column: 'duration_ms', rank: 1, unit: 1000 } }],
  ['session_time', { ...decimal('0.004'), target: { column: 'duration_ms', rank: 2, unit: 1000 } }],

  ['http_referer', text('referer', 1, shapes.word, 'https://shop.example.com/')],
  ['http_user_agent', text('user_agent', 1, shapes.anything, 'curl/8.5.0')],
  ['host', text('host', 1, shapes.host, 'shop.example.com')],
  ['http_host', text('host', 2, shapes.host, 'shop.example.com')],
  ['ssl_server_name', text('host', 3, shapes.host, 'shop.example.com')],
  ['server_name', text('host', 4, shapes.host, 'shop.example.com')],

  ['request_id', requestId(1)],
  ['req_id', requestId(2)],
  ['kong_request_id', requestId(3)],
  ['http_x_request_id', requestId(4)],
  ['upstream_http_x_request_id', requestId(5)],
  ['sent_http_x_request_id', requestId(6)],

  ['upstream_addr', list(shapes.sockets, '10.0.0.1:8080')],
  ['upstream_status', list(shapes.counts, '200')],
  ...['upstream_response_time', 'upstream_connect_time', 'upstream_header_time', 'upstream_queue_time'].map(
    (name): [string, Variable] => [name, list(shapes.times, '0.004')],
  ),
  ...['upstream_first_byte_time', 'upstream_session_time'].map((name): [string, Variable] => [
    name,
    list(shapes.times, '0.004'),
  ]),
  ...['upstream_response_length', 'upstream_bytes_received', 'upstream_bytes_sent'].map((name): [string, Variable] => [
    name,
    list(shapes.counts, '12'),
  ]),
  ['upstream_cache_status', { shape: shapes.word, example: 'MISS' }],

  ['scheme', { shape: shapes.scheme, example: 'https' }],
  ['server_port', number('443')],
  ['server_addr', { shape: shapes.address, example: '10.0.0.2' }],
  ['realip_remote_port', number('41212')],
  ['proxy_protocol_port', number('41212')],
  ['request_length', number('321')],
  ['content_length', number('0')],
  ['bytes_received', number('321')],
  ['connection', number('17')],
  ['connection_requests', number('1')],
  ['connection_time', decimal('0.010')],
  ['gzip_ratio', decimal('2.34')],
  ['pid', number('7')],
  ['hostname', { shape: shapes.host, example: 'web-1' }],
  ['pipe', { shape: { kind: 'fixed', source: '[p.]', first: 'p.' }, example: '.' }],
  ['ssl_protocol', { shape: shapes.word, example: 'TLSv1.3' }],
  ['ssl_cipher', { shape: shapes.word, example: 'TLS_AES_256_GCM_SHA384' }],
  ['ssl_session_reused', { shape: { kind: 'fixed', source: '[r.]', first: 'r.' }, example: '.' }],
  ['request_completion', { shape: { kind: 'fixed', source: '(?:OK)?', first: 'O' }, example: 'OK' }],
  ['proxy_upstream_name', { shape: shapes.word, example: 'default-shop-80' }],
  ['proxy_alternative_upstream_name', { shape: shapes.word, example: '' }],
]);

function client(rank: number, example: string): Variable {
  return { shape: shapes.address, example, target: { column: 'client_ip', rank } };
}

function forwarded(example: string): Variable {
  return { shape: shapes.forwarded, example };
}

function number(example: string): Variable {
  return { shape: shapes.count, example };
}

function decimal(example: string): Variable {
  return { shape: shapes.decimal, example };
}

function text(column: TextColumn, rank: number, shape: Shape, example: string): Variable {
  return { shape, example, target: { column, rank } };
}

function requestId(rank: number): Variable {
  return text('request_id', rank, shapes.word, 'e085479186fe5311eb1bf9f9b21ced9f');
}

function list(shape: Shape, example: string): Variable {
  return { shape, example };
}
