import type { JsonFormat } from '../format.js';
import { type JsonObject, Keys } from '../keys.js';
import type { AccessColumns, Parsed } from '../parsed.js';
import { splitRequest, splitTarget } from '../request.js';
import { toMilliseconds } from './combined.js';

/** Access logs in JSON, under any common naming of the keys: known by a status together with a method and target, or a request line. */
export const accessJson: JsonFormat = {
  name: 'access-json',
  samples: [
    {
      of: 'nginx, `escape=json`',
      line: '{"time":"2026-11-22T16:41:02+00:00","remote_addr":"203.0.113.9","request_method":"GET","request_uri":"/a?b=1","status":200,"body_bytes_sent":12,"request_time":0.004,"http_referer":"","http_user_agent":"curl/8.5.0","request_id":"e085479186fe5311eb1bf9f9b21ced9f"}',
    },
  ],
  parse: parseAccess,
};

function parseAccess(object: JsonObject): Parsed | undefined {
  const line = new Keys(object);
  const status = Number(line.peek(access.status));
  if (!(status >= 100 && status <= 999)) return undefined;
  const request = line.peek(access.request);
  const target = line.peek(access.target);
  const method = line.peek(access.method);
  const isRequestLine = typeof request === 'string' && request.includes(' ');
  if (!isRequestLine && !(typeof method === 'string' && typeof target === 'string')) return undefined;

  const columns: AccessColumns = isRequestLine
    ? splitRequest(request)
    : { method: String(method), ...splitTarget(String(target)) };
  columns.status = status;
  line.take(isRequestLine ? access.request : access.target);
  if (!isRequestLine) line.take(access.method);
  line.take(access.status);

  const time = line.takeTime();
  const text = (key: keyof typeof access & keyof AccessColumns) => {
    const value = line.takeString(access[key]);
    if (value !== undefined && value !== '-') Object.assign(columns, { [key]: value });
  };
  text('client_ip');
  if (columns.query === undefined) text('query');
  if (columns.protocol === undefined) text('protocol');
  const bytes = line.takeNumber(access.bytes);
  if (bytes !== undefined) columns.bytes = bytes;
  const seconds = line.takeNumber(access.seconds);
  const ms = seconds === undefined ? line.takeNumber(access.duration_ms) : toMilliseconds(seconds);
  if (ms !== undefined) columns.duration_ms = ms;
  text('referer');
  text('user_agent');
  text('host');
  text('request_id');
  return { type: 'access', time, columns, fields: line.rest() };
}

/** The keys under which access logs name each column, the most specific first. */
const access = {
  status: ['status', 'status_code', 'statusCode', 'response_code', 'response_status'],
  request: ['request', 'request_line'],
  method: ['request_method', 'method', 'http_method', 'verb'],
  target: ['request_uri', 'uri', 'url', 'path', 'request_path', 'target'],
  query: ['query_string', 'args', 'query'],
  protocol: ['server_protocol', 'protocol', 'proto', 'http_version'],
  client_ip: ['client_ip', 'remote_addr', 'remote_ip', 'clientip', 'ip', 'client'],
  bytes: ['body_bytes_sent', 'bytes_sent', 'response_bytes', 'response_size', 'bytes', 'size'],
  seconds: ['request_time', 'duration_seconds', 'duration_s'],
  duration_ms: ['duration_ms', 'response_time_ms', 'latency_ms', 'elapsed_ms', 'responseTime', 'response_time'],
  referer: ['http_referer', 'referer', 'referrer'],
  user_agent: ['http_user_agent', 'user_agent', 'userAgent', 'agent'],
  host: ['host', 'http_host', 'server_name', 'vhost'],
  request_id: ['request_id', 'x_request_id', 'requestId', 'req_id', 'reqId'],
} as const;
