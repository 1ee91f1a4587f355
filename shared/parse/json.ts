import { toMilliseconds } from './accessLine.js';
import { isError, parseLevel } from './level.js';
import type { AccessColumns, EntryColumns, Fields, Parsed } from './parsed.js';
import { splitRequest, splitTarget } from './request.js';
import { exceptionOfStack } from './stack.js';
import { parseTime } from './time.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A line that is one JSON object: an access line when it tells a request's method, target and status, else an application line. */
export function parseJsonLine(line: string): Parsed | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  const object = parseObject(line);
  return object && parseJsonObject(object);
}

/** The JSON object that a text holds, or undefined for any other text. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same for an object that a collector has parsed already. */
export function parseJsonObject(object: JsonObject): Parsed {
  const line = new Keys(object);
  return parseAccess(line) ?? parseEntry(line);
}

function parseAccess(line: Keys): Parsed | undefined {
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

function parseEntry(line: Keys): Parsed {
  const columns: EntryColumns = {};
  const level = parseLevel(line.peek(entry.level));
  if (level) {
    line.take(entry.level);
    columns.level = level;
  }
  const time = line.takeTime();
  const message = line.takeString(entry.message);
  if (message !== undefined) columns.message = message;
  const logger = line.takeString(line.has('pid') || line.has('levelname') ? [...entry.logger, 'name'] : entry.logger);
  if (logger !== undefined) columns.logger = logger;
  takeException(line, columns);
  for (const column of ['trace_id', 'span_id', 'request_id'] as const) {
    const value = line.takeString(entry[column]);
    if (value !== undefined) columns[column] = value;
  }
  return { type: isError(level) ? 'error' : 'app', time, columns, fields: line.rest() };
}

/** `err: { type, message, stack }` of pino and bunyan, `error: …` of others, or a bare `stack` as winston writes it. */
function takeException(line: Keys, columns: EntryColumns): void {
  const nested = line.peek(entry.error);
  if (isObject(nested)) {
    const key = line.take(entry.error);
    const error = new Keys(nested);
    const type = error.takeString(['type', 'name', 'class', 'kind']);
    const stack = error.takeString(['stack', 'stack_trace', 'stacktrace']);
    const message = error.peek(['message', 'msg']);
    // The message is kept once: loggers repeat the error's own as the line's.
    if (typeof message === 'string' && (columns.message === undefined || columns.message === message)) {
      error.take(['message', 'msg']);
      columns.message = message;
    }
    if (type !== undefined) columns.exception = type;
    if (stack !== undefined) columns.stack = stack;
    const rest = error.rest();
    if (key !== undefined && rest.length > 0) line.keep(key, Object.fromEntries(rest));
  }
  if (columns.stack === undefined) {
    const stack = line.takeString(entry.stack);
    if (stack !== undefined) columns.stack = stack;
  }
  if (columns.exception === undefined && columns.stack !== undefined) {
    const exception = exceptionOfStack(columns.stack);
    if (exception) columns.exception = exception;
  }
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

/** The same for application logs. `name` is the logger's for pino, bunyan and Python only: elsewhere it is anybody's. */
const entry = {
  level: ['level', 'severity', 'levelname', 'log.level', 'loglevel', 'lvl'],
  message: ['msg', 'message', 'log.message', 'event'],
  logger: ['logger', 'logger_name', 'loggerName', 'log.logger'],
  error: ['err', 'error', 'exception'],
  stack: ['stack', 'stack_trace', 'stacktrace', 'error.stack_trace', 'exc_info'],
  trace_id: ['trace_id', 'traceId', 'trace.id', 'dd.trace_id'],
  span_id: ['span_id', 'spanId', 'span.id', 'dd.span_id'],
  request_id: ['request_id', 'requestId', 'reqId', 'req_id', 'http.request.id'],
} as const;

const timeKeys = [
  'time',
  '@timestamp',
  'timestamp',
  'ts',
  'time_iso8601',
  'time_local',
  'datetime',
  'date',
  'msec',
] as const;

/** An object whose keys are taken one by one; what nobody took is left for `fields`. */
class Keys {
  private readonly taken = new Set<string>();
  private readonly kept: [string, unknown][] = [];

  constructor(private readonly object: JsonObject) {}

  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  peek(keys: readonly string[]): unknown {
    const key = this.find(keys);
    return key === undefined ? undefined : this.object[key];
  }

  /** Marks the first key that is there as used, and names it. */
  take(keys: readonly string[]): string | undefined {
    const key = this.find(keys);
    if (key !== undefined) this.taken.add(key);
    return key;
  }

  /** A value of another type than the column's is left for `fields`. */
  takeString(keys: readonly string[]): string | undefined {
    const value = this.peek(keys);
    if (typeof value === 'string') this.take(keys);
    return typeof value === 'string' ? value : undefined;
  }

  takeNumber(keys: readonly string[]): number | undefined {
    const value = this.peek(keys);
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
    this.take(keys);
    return number;
  }

  takeTime(): number | undefined {
    for (const key of timeKeys) {
      const time = Object.hasOwn(this.object, key) ? parseTime(this.object[key]) : undefined;
      if (time === undefined) continue;
      this.taken.add(key);
      return time;
    }
    return undefined;
  }

  /** Leaves a value for `fields` under this key. */
  keep(key: string, value: unknown): void {
    this.kept.push([key, value]);
  }

  rest(): Fields {
    return [...Object.entries(this.object).filter(([key]) => !this.taken.has(key)), ...this.kept];
  }

  private find(keys: readonly string[]): string | undefined {
    return keys.find((key) => Object.hasOwn(this.object, key) && !this.taken.has(key));
  }
}
