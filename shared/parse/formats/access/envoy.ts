import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { JsonFormat, TextFormat } from '../../format.js';
import { accessTree, readAccess } from '../../json/accessKeys.js';
import { numberOrText, type Token, tokenize } from '../../tokens.js';
import { firstAddress, withoutPort } from '../../values/address.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { parseIsoTime } from '../../values/time.js';

/**
 * Envoy's default access log and Istio's.
 *
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string,
 * https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format
 */
export const envoy: TextFormat = {
  name: 'envoy',
  first: /\[/,
  dates: [],
  samples: [
    {
      of: 'Envoy',
      line: '[2026-11-22T16:41:02.123Z] "POST /api/v1?a=b HTTP/2" 204 - 154 0 226 100 "203.0.113.9, 10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "shop.example.com" "http://10.0.0.1:8080"',
    },
    {
      of: 'Istio',
      line: '[2026-11-22T16:41:02.123Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 4 "-" "curl/8.5.0" "84961386-6d84-929d-98bd-c5aee93b5c88" "httpbin:8000" "10.44.1.27:80" outbound|8000||httpbin.default.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default',
    },
  ],
  parse: parseEnvoy,
};

/** The same in JSON, under the keys of Istio's default. */
export const envoyJson: JsonFormat = {
  name: 'envoy-json',
  keys: ['response_flags'],
  samples: [
    {
      of: 'Istio, JSON',
      line: '{"start_time":"2026-11-22T16:41:02.123Z","method":"GET","path":"/a?b=c","protocol":"HTTP/1.1","response_code":200,"response_flags":"-","response_code_details":"via_upstream","bytes_received":0,"bytes_sent":12,"duration":4,"upstream_service_time":"3","x_forwarded_for":"203.0.113.9","user_agent":"curl/8.5.0","request_id":"84961386-6d84-929d-98bd-c5aee93b5c88","authority":"shop.example.com","upstream_host":"10.0.0.1:80","upstream_cluster":"outbound|80||shop","downstream_remote_address":"10.44.1.23:46520","route_name":"default"}',
    },
  ],
  parse(object) {
    return Object.hasOwn(object, 'response_flags') ? readAccess(tree, object) : undefined;
  },
};

function parseEnvoy(line: string): Parsed | undefined {
  if (!start.test(line)) return undefined;
  const tokens = tokenize(line);
  const keys = tokens && layoutOf(tokens);
  if (!keys) return undefined;
  const values = new Map(keys.map((key, i) => [key, tokens[i]?.value ?? '-']));
  const time = parseIsoTime(values.get('start_time') ?? '');
  const status = values.get('response_code') ?? '';
  if (time === undefined || !statusCode.test(status)) return undefined;

  const request = values.get('request') ?? '-';
  // A TCP connection has no request, only its bytes.
  const columns: AccessColumns = { ...(request === '- - -' ? {} : splitRequest(request)), status: Number(status) };
  const forwardedFor = values.get('x_forwarded_for') ?? '-';
  const peer = values.get('downstream_remote_address') ?? '-';
  const client = forwardedFor === '-' ? withoutPort(peer) : firstAddress(forwardedFor);
  if (client !== '-') columns.client_ip = client;
  for (const [key, column] of texts) {
    const value = values.get(key) ?? '-';
    if (value !== '-') columns[column] = value;
  }
  const fields: Fields = [];
  putNumber(columns, fields, 'bytes', values.get('bytes_sent') ?? '-');
  putNumber(columns, fields, 'duration_ms', values.get('duration') ?? '-');
  for (const [key, value] of values) {
    const isClient = key === 'x_forwarded_for' && value === client;
    if (value !== '-' && !isClient && !inColumns.has(key)) fields.push([key, numberOrText(value)]);
  }
  const added = tokens.slice(keys.length).map(({ raw }) => raw);
  if (added.length > 0) fields.push(['tail', added.join(' ')]);
  return { type: 'access', time, columns, fields };
}

/**
 * Istio puts the response code's details, a word, where Envoy counts the received bytes. Envoy escapes no quotes, so a
 * client could shift the columns: the five that must be in quotes tell.
 */
function layoutOf(tokens: readonly Token[]): readonly string[] | undefined {
  const layout = count.test(tokens[4]?.value ?? '') ? plain : istio;
  const quoted = layout.indexOf('x_forwarded_for');
  const isWhole = tokens.length >= layout.length;
  return isWhole && tokens.slice(quoted, quoted + 5).every(({ form }) => form === 'quoted') ? layout : undefined;
}

/** 0 when the client left before there was a response. */
const statusCode = /^(?:\d{3}|0)$/;
const count = /^\d+$/;
const start = /^\[\d{4}-\d\d-\d\dT[\d:.]{8,18}Z\] "/;
const head = ['start_time', 'request', 'response_code', 'response_flags'];
const exchange = [
  'bytes_received',
  'bytes_sent',
  'duration',
  'upstream_service_time',
  'x_forwarded_for',
  'user_agent',
  'request_id',
  'authority',
  'upstream_host',
];
const plain = [...head, ...exchange];
const istio = [
  ...head,
  'response_code_details',
  'connection_termination_details',
  'upstream_transport_failure_reason',
  ...exchange,
  'upstream_cluster',
  'upstream_local_address',
  'downstream_local_address',
  'downstream_remote_address',
  'requested_server_name',
  'route_name',
];
const texts = [
  ['user_agent', 'user_agent'],
  ['request_id', 'request_id'],
  ['authority', 'host'],
] as const;
const inColumns: ReadonlySet<string> = new Set([
  'start_time',
  'request',
  'response_code',
  'bytes_sent',
  'duration',
  'user_agent',
  'request_id',
  'authority',
]);

const tree = accessTree({
  time: ['start_time', 'time', 'timestamp'],
  status: ['response_code'],
  method: ['method', 'request_method'],
  target: ['path', 'x_envoy_original_path', 'x-envoy-origin-path'],
  protocol: ['protocol'],
  client_ip: ['x_forwarded_for', 'x-forwarded-for', 'downstream_remote_address'],
  bytes: ['bytes_sent'],
  milliseconds: ['duration'],
  referer: ['referer'],
  user_agent: ['user_agent', 'user-agent'],
  host: ['authority', ':authority'],
  request_id: ['request_id', 'x_request_id', 'x-request-id'],
});
