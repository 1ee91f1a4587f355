import type { JsonFormat } from '../../format.js';
import { accessTree, readAccess } from '../../json/accessKeys.js';
import { isObject, type JsonObject } from '../../json/object.js';
import { isError, parseLevel } from '../../values/level.js';

/**
 * Access logs in JSON, under any common naming of the keys: known by a status together with a method and target, or
 * a request line.
 *
 * https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format, https://github.com/pinojs/pino-http#example,
 * https://www.elastic.co/docs/reference/ecs/ecs-http, https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html,
 * https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/,
 * https://developer.konghq.com/plugins/http-log/
 */
export const accessJson: JsonFormat = {
  name: 'access-json',
  samples: [
    {
      of: 'nginx, `escape=json`',
      line: '{"time":"2026-11-22T16:41:02+00:00","remote_addr":"203.0.113.9","request_method":"GET","request_uri":"/a?b=1","status":200,"body_bytes_sent":12,"request_time":0.004,"http_referer":"","http_user_agent":"curl/8.5.0","request_id":"e085479186fe5311eb1bf9f9b21ced9f"}',
    },
    {
      of: 'pino-http',
      line: '{"level":30,"time":1795365662123,"pid":17,"hostname":"web-7f","req":{"id":1,"method":"GET","url":"/a?b=1","query":{"b":"1"},"headers":{"host":"shop.example.com","user-agent":"curl/8.5.0"},"remoteAddress":"::ffff:10.0.0.1","remotePort":41212},"res":{"statusCode":200,"headers":{"content-length":"12"}},"responseTime":4,"msg":"request completed"}',
    },
    {
      of: 'Elastic Common Schema',
      line: '{"@timestamp":"2026-11-22T16:41:02.123Z","http":{"version":"1.1","request":{"id":"e08","method":"GET","referrer":"https://shop.example.com/"},"response":{"status_code":200,"body":{"bytes":12}}},"url":{"original":"/a?b=1","domain":"shop.example.com"},"source":{"ip":"203.0.113.9"},"user_agent":{"original":"curl/8.5.0"},"event":{"duration":4100000},"ecs":{"version":"8.11.0"}}',
    },
    {
      of: 'Google Cloud `httpRequest`',
      line: '{"severity":"INFO","time":"2026-11-22T16:41:02.123Z","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example.com/a?b=1","status":200,"responseSize":"12","userAgent":"curl/8.5.0","remoteIp":"203.0.113.9","latency":"0.0041s","protocol":"HTTP/1.1"}}',
    },
    {
      of: 'Amazon API Gateway',
      line: '{"requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","ip":"203.0.113.9","requestTime":"22/Nov/2026:16:41:02 +0000","httpMethod":"GET","resourcePath":"/a","status":"200","protocol":"HTTP/1.1","responseLength":"12"}',
    },
    {
      of: 'Echo',
      line: '{"time":"2026-11-22T16:41:02.123456789Z","id":"","remote_ip":"203.0.113.9","host":"shop.example.com","method":"GET","uri":"/a?b=1","user_agent":"curl/8.5.0","status":200,"error":"","latency":4100000,"latency_human":"4.1ms","bytes_in":0,"bytes_out":12}',
    },
    {
      of: 'Cloudflare, Logpush',
      line: '{"ClientIP":"203.0.113.9","ClientRequestHost":"shop.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/a?b=1","EdgeEndTimestamp":"2026-11-22T16:41:03Z","EdgeResponseBytes":512,"EdgeResponseStatus":200,"EdgeStartTimestamp":"2026-11-22T16:41:02Z","RayID":"3a6050bcbe121a87"}',
    },
    {
      of: 'Kong, http-log',
      line: '{"started_at":1795365662123,"request":{"method":"GET","uri":"/a?b=1","size":"166","headers":{"host":"shop.example.com","user-agent":"curl/8.5.0"}},"response":{"status":200,"size":443},"client_ip":"203.0.113.9","latencies":{"request":143,"kong":9,"proxy":134}}',
    },
    {
      of: 'Serilog, request logging',
      line: '{"@t":"2026-11-22T16:41:02.123Z","@mt":"HTTP {RequestMethod} {RequestPath} responded {StatusCode} in {Elapsed:0.0000} ms","RequestMethod":"GET","RequestPath":"/a","StatusCode":200,"Elapsed":4.1}',
    },
    {
      of: 'Rails, lograge',
      line: '{"method":"GET","path":"/orders/7?full=1","format":"json","controller":"OrdersController","action":"show","status":200,"duration":4.1,"view":1.2,"db":0.9}',
    },
  ],
  parse(object) {
    if (!mayHaveStatus(object) || isFailure(object)) return undefined;
    const isRails = typeof object.controller === 'string' && typeof object.action === 'string';
    return readAccess(isRails ? railsTree : tree, object);
  },
};

/** Most JSON lines are no access lines: they shall not cost a walk. */
function mayHaveStatus(object: JsonObject): boolean {
  for (const key in object) if (statusRoots.has(key)) return true;
  return false;
}

/**
 * An error with its stack that happens to name a request, as HTTP clients throw it, belongs to the errors. pino-http's
 * lines stay access lines: its `res` says that this is the request which was served.
 */
function isFailure(object: JsonObject): boolean {
  if (!isError(parseLevel(levelOf(object))) || isObject(object.res)) return false;
  return errorKeys.some((key) => isObject(object[key])) || stackKeys.some((key) => typeof object[key] === 'string');
}

function levelOf(object: JsonObject): unknown {
  return (
    object.level ??
    object.severity ??
    object['log.level'] ??
    object['@l'] ??
    object.Level ??
    (isObject(object.log) ? object.log.level : undefined)
  );
}

const errorKeys = ['err', 'error', 'exception'];
/** `err_trace` is Caddy's: its error log has the same request as its access log. */
const stackKeys = [
  'stack',
  'stack_trace',
  'stacktrace',
  'exc_info',
  'exception',
  'error.stack_trace',
  'err_trace',
  '@x',
  'Exception',
];

const paths = {
  time: [
    'time',
    '@timestamp',
    'timestamp',
    'ts',
    'time_iso8601',
    'time_local',
    'datetime',
    'date',
    'msec',
    'start_time',
    'requestTime',
    'started_at',
    'EdgeStartTimestamp',
    'EdgeEndTimestamp',
    '@t',
    'Timestamp',
  ],
  status: [
    'status',
    'status_code',
    'statusCode',
    'response_code',
    'response_status',
    'responseStatus',
    'http_status',
    'http_status_code',
    'http.response.status_code',
    'http.status_code',
    'http.status',
    'res.statusCode',
    'res.status',
    'response.status',
    'response.status_code',
    'response.statusCode',
    'httpRequest.status',
    'meta.res.statusCode',
    'EdgeResponseStatus',
    'StatusCode',
    'Properties.StatusCode',
  ],
  request: ['request', 'request_line', 'requestLine'],
  method: [
    'request_method',
    'requestMethod',
    'method',
    'http_method',
    'httpMethod',
    'verb',
    'http.request.method',
    'http.method',
    'req.method',
    'request.method',
    'httpRequest.requestMethod',
    'meta.req.method',
    'ClientRequestMethod',
    'RequestMethod',
    'Properties.RequestMethod',
  ],
  target: [
    'request_uri',
    'requestUri',
    'originalUrl',
    'uri',
    'url',
    'path',
    'request_path',
    'requestPath',
    'resourcePath',
    'target',
    'url.original',
    'url.full',
    'url.path',
    'http.target',
    'http.url',
    'http.path',
    'http.url_details.path',
    'req.originalUrl',
    'req.url',
    'req.path',
    'request.uri',
    'request.url',
    'request.path',
    'httpRequest.requestUrl',
    'meta.req.originalUrl',
    'meta.req.url',
    'ClientRequestURI',
    'ClientRequestPath',
    'RequestPath',
    'Properties.RequestPath',
  ],
  query: ['query_string', 'queryString', 'args', 'query', 'url.query', 'http.query', 'request.query'],
  protocol: [
    'server_protocol',
    'protocol',
    'proto',
    'http_version',
    'httpVersion',
    'http.version',
    'req.httpVersion',
    'request.proto',
    'request.protocol',
    'httpRequest.protocol',
    'meta.req.httpVersion',
    'ClientRequestProtocol',
  ],
  client_ip: [
    'client_ip',
    'clientIp',
    'clientIP',
    'clientip',
    'remote_addr',
    'remoteAddr',
    'remote_ip',
    'remoteIp',
    'remote_address',
    'remoteAddress',
    'ip',
    'client',
    'client.ip',
    'client.address',
    'source.ip',
    'http.client_ip',
    'network.client.ip',
    'req.remoteAddress',
    'req.ip',
    'request.client_ip',
    'request.remote_ip',
    'httpRequest.remoteIp',
    'meta.req.ip',
    'remote_host',
    'x_forwarded_for',
    'http_x_forwarded_for',
    'fwd',
    'ClientIP',
  ],
  bytes: [
    'body_bytes_sent',
    'bytes_sent',
    'bytesSent',
    'bytes_out',
    'response_bytes',
    'response_size',
    'responseSize',
    'response_length',
    'responseLength',
    'bytes',
    'size',
    'http.response.body.bytes',
    'http.response.bytes',
    'network.bytes_written',
    'res.headers.content-length',
    'res.contentLength',
    'response.size',
    'response.bytes',
    'httpRequest.responseSize',
    'EdgeResponseBytes',
    'EdgeResponseBodyBytes',
  ],
  seconds: [
    'request_time',
    'duration_seconds',
    'duration_s',
    'latency_seconds',
    'elapsed_seconds',
    'nginx.request_time',
  ],
  milliseconds: [
    'duration_ms',
    'durationMs',
    'response_time_ms',
    'responseTimeMs',
    'latency_ms',
    'latencyMs',
    'elapsed_ms',
    'elapsedMs',
    'time_ms',
    'request_time_ms',
    'responseTime',
    'response_time',
    'res.responseTime',
    'responseLatency',
    'meta.responseTime',
    'latencies.request',
    'EdgeTimeToFirstByteMs',
    'Elapsed',
    'Properties.Elapsed',
  ],
  nanoseconds: ['event.duration', 'duration_ns', 'latency_ns', 'elapsed_ns'],
  duration: ['duration', 'latency', 'latency_human', 'elapsed', 'took', 'httpRequest.latency', 'service'],
  referer: [
    'http_referer',
    'referer',
    'referrer',
    'http.request.referrer',
    'http.referer',
    'req.headers.referer',
    'req.headers.referrer',
    'request.headers.Referer',
    'request.headers.referer',
    'httpRequest.referer',
    'meta.req.headers.referer',
    'ClientRequestReferer',
  ],
  user_agent: [
    'http_user_agent',
    'user_agent',
    'userAgent',
    'user-agent',
    'agent',
    'user_agent.original',
    'http.useragent',
    'http.user_agent',
    'req.headers.user-agent',
    'request.headers.User-Agent',
    'request.headers.user-agent',
    'httpRequest.userAgent',
    'meta.req.headers.user-agent',
    'ClientRequestUserAgent',
  ],
  host: [
    'host',
    'http_host',
    'server_name',
    'vhost',
    'url.domain',
    'http.host',
    'req.headers.host',
    'req.host',
    'request.host',
    'request.headers.host',
    'meta.req.headers.host',
    'ClientRequestHost',
  ],
  request_id: [
    'request_id',
    'x_request_id',
    'x-request-id',
    'requestId',
    'requestID',
    'req_id',
    'reqId',
    'http.request.id',
    'http.request_id',
    'req.id',
    'req.headers.x-request-id',
    'request.id',
    'RayID',
  ],
} as const;

const tree = accessTree(paths);
/** lograge's `duration` is in milliseconds: https://github.com/roidrage/lograge#installation */
const railsTree = accessTree({ ...paths, milliseconds: ['duration'] });
/** A path in a nested object starts with its first key, a flat one is the whole. */
const statusRoots: ReadonlySet<string> = new Set(paths.status.flatMap((path) => [path, path.split('.')[0] ?? path]));
