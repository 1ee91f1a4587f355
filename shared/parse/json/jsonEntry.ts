import type { EntryColumns, Parsed } from '../../line/parsed.js';
import { stringify } from '../../text/json.js';
import { exceptionOfStack, splitTrace } from '../stackTrace.js';
import { isError } from '../values/level.js';
import { EntryKeys, type EntryValues, type FoundEntry } from './entryKeys.js';
import { parseInstant } from './instant.js';
import { takeNumericLevel } from './numericLevel.js';
import type { JsonObject } from './object.js';
import { declareRead } from './readPaths.js';

/** Brings what was found in an application's JSON line to its columns. A line that states no level but has a stack is an error. */
export function toJsonEntry(found: FoundEntry): Parsed {
  const { values } = found;
  const time = values.time ?? takeSplitTime(found);
  const columns: EntryColumns = {};
  setMessage(columns, values, found);
  setException(columns, values, found);
  const level = values.level ?? takeNumericLevel(found) ?? (columns.stack === undefined ? undefined : 'error');
  if (level) columns.level = level;
  const message = isError(level) ? messageOfError(columns, found) : undefined;
  if (message !== undefined) columns.message = message;
  const logger = values.logger ?? loggerName(values, found);
  if (logger !== undefined) columns.logger = logger;
  const trace = values.trace_id ?? values.trace_header?.trace_id;
  if (trace !== undefined) columns.trace_id = trace;
  const span = values.span_id ?? values.trace_header?.span_id;
  if (span !== undefined) columns.span_id = span;
  if (values.request_id !== undefined) columns.request_id = values.request_id;
  return { type: isError(level) ? 'error' : 'app', time, columns, fields: found.rest };
}

/** Whether the object has a level of its own, and not one that its stack trace stands for. */
export function statesLevel(object: JsonObject): boolean {
  const found = commonKeys.find(object);
  return (found.values.level ?? takeNumericLevel(found)) !== undefined;
}

/** Google's logging agents also take a time as two keys: https://cloud.google.com/logging/docs/agent/logging/configuration#timestamp-processing */
function takeSplitTime(found: FoundEntry): number | undefined {
  const seconds = found.peekRest('timestampSeconds');
  if (seconds === undefined) return undefined;
  const time = parseInstant({ seconds, nanos: found.peekRest('timestampNanos') ?? 0 });
  if (time === undefined) return undefined;
  found.takeRest('timestampSeconds');
  found.takeRest('timestampNanos');
  return time;
}

declareRead(['timestampSeconds', 'timestampNanos']);

/** The exception's message is kept once: loggers repeat it as the line's. */
function setMessage(columns: EntryColumns, { message, thrown }: EntryValues, found: FoundEntry): void {
  const text = message ?? thrown;
  if (text !== undefined) columns.message = text;
  if (thrown !== text) found.giveBack('thrown');
}

function setException(columns: EntryColumns, { exception, stack, error }: EntryValues, found: FoundEntry): void {
  if (stack === undefined && error === undefined && columns.message !== undefined) {
    // Undefined unless the message has a trace behind it.
    Object.assign(columns, splitTrace(columns.message));
  }
  const text = stack ?? error;
  if (text !== undefined) columns.stack = text;
  if (error !== text) found.giveBack('error');
  const type = exception ?? (text === undefined ? undefined : exceptionOfStack(text));
  if (type !== undefined && type !== '') columns.exception = type;
}

/** `name` is the logger's for pino, bunyan (`pid`), Python (`levelname`) and semantic_logger (`level_index`); elsewhere it is anybody's. */
function loggerName({ name }: EntryValues, found: FoundEntry): string | undefined {
  if (name === undefined) return undefined;
  if (found.hasAny('pid', 'levelname', 'level_index')) return name;
  found.giveBack('name');
  return undefined;
}

/**
 * Without a message, unrelated errors would have one fingerprint: then a text that tells what went wrong is the message,
 * or else the line. An exception with its stack tells errors apart by itself.
 */
function messageOfError({ message, exception, stack }: EntryColumns, found: FoundEntry): string | undefined {
  if (message !== undefined || (exception !== undefined && stack !== undefined)) return message;
  const key = [...errors, ...descriptions].find((each) => isText(found.peekRest(each)));
  return key === undefined ? stringify(found.object) : String(found.takeRest(key));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

const errors = ['err', 'error', 'exception', 'exc', 'throwable'] as const;
const descriptions = ['body', 'log', 'text', 'description', 'reason', 'detail', 'details', 'summary', 'title'] as const;
/** Where loggers put what the application adds to every line of a request. */
const contexts = [
  'mdc',
  'contextMap',
  'context',
  'ctx',
  'extra',
  'labels',
  'attributes',
  'Attributes',
  'properties',
] as const;

/** The keys of application logs in JSON, whatever the library, the most usual first. */
export const commonKeys = new EntryKeys({
  time: [
    ...['time', '@timestamp', 'timestamp', 'ts', 'time_iso8601', 'time_local', 'datetime', 'date', 'msec'],
    ...['Timestamp', 'asctime', 'eventTime', '@t', 'record.time.timestamp'],
    ...['Time', 'dateTime', 'DateTime', 'timeMillis', 'timestamp_ms', 'timestampMs', 'ts_ms', 'logTime', 'log_time'],
    ...['event_time', 'log_timestamp', 'TIMESTAMP', 'TIME', 'at'],
    ...within(['@timestamp', 'timestamp', 'time', 'ts']),
  ],
  level: [
    ...['level', 'severity', 'levelname', 'log.level', 'level_name', 'loglevel', 'logLevel', 'log_level', 'lvl'],
    ...['Level', 'LogLevel', 'severity_text', 'record.level.name'],
    ...['@level', 'Severity', 'sev', 'levelName', 'LEVEL', 'SEVERITY'],
    ...within(['level', 'severity', 'levelname', 'log_level', 'loglevel', 'lvl']),
    // A level told as an object, by log4j2, Loguru and Logback.
    ...under(['level', 'severity', 'Level'], ['name', 'levelStr', 'standardLevel']),
  ],
  message: [
    ...['msg', 'message', 'log.message', 'event', 'Message', 'short_message', '@message', 'record.message'],
    ...['textPayload', 'MESSAGE', 'Msg', ...within(['msg', 'message', 'event'])],
  ],
  logger: [
    ...['logger', 'logger_name', 'loggerName', 'log.logger', 'Logger', 'Category', 'SourceContext', 'record.name'],
    ...['@module', ...within(['logger', 'logger_name'])],
  ],
  name: ['name'],
  exception: [
    ...under(errors, ['type', 'name', 'class', 'kind', 'className', 'exception_class']),
    ...['exception_class', 'exc_type', 'error_type', 'errorType', 'record.exception.type'],
  ],
  thrown: [
    ...under(errors, ['message', 'msg', 'exception_message']),
    ...['exception_message', 'exc_message', 'error_message', 'errorMessage'],
  ],
  stack: [
    ...['stack', 'stack_trace', 'stacktrace', 'stackTrace', 'exc_info', 'exc_text', 'traceback', 'backtrace'],
    ...['errorVerbose', 'record.exception.traceback'],
    ...under(errors, ['stack', 'stack_trace', 'stacktrace', 'stackTrace', 'trace', 'backtrace', 'traceback']),
    ...within(['stack', 'stack_trace', 'stacktrace', 'exception']),
  ],
  error: [...errors, 'Exception', 'exception_text'],
  trace_id: everywhere([
    ...['trace_id', 'traceId', 'trace.id', 'traceID', 'TraceId', 'dd.trace_id', 'otelTraceID', 'trace-id'],
    ...['X-B3-TraceId', 'x-b3-traceid', 'xray_trace_id', 'xrayTraceId'],
  ]),
  span_id: everywhere([
    ...['span_id', 'spanId', 'span.id', 'spanID', 'SpanId', 'dd.span_id', 'otelSpanID', 'X-B3-SpanId', 'x-b3-spanid'],
    ...['transaction.id'],
  ]),
  request_id: everywhere([
    ...['request_id', 'requestId', 'reqId', 'req_id', 'http.request.id', 'requestID', 'RequestId', 'x-request-id'],
    ...['X-Request-Id', 'X-Request-ID', 'function_request_id', 'awsRequestId', 'AWSRequestId', 'req.id'],
  ]),
  trace_header: everywhere([
    ...['traceparent', 'AWS-XRAY-TRACE-ID', 'X-Amzn-Trace-Id', 'x-amzn-trace-id', '_X_AMZN_TRACE_ID', 'b3'],
    ...['logging.googleapis.com/trace'],
  ]),
});

function under(parents: readonly string[], keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => parents.map((parent) => `${parent}.${key}`));
}

/** Where old Logstash layouts, Google Cloud and Rust's tracing put a line's own keys. */
function within(keys: readonly string[]): readonly string[] {
  return under(['@fields', 'fields', 'jsonPayload'], keys);
}

/** At the top or in what the application adds. */
function everywhere(keys: readonly string[]): readonly string[] {
  return [...keys, ...under(contexts, keys)];
}
