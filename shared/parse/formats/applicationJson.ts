import type { JsonFormat } from '../format.js';
import { isObject, type JsonObject, Keys } from '../keys.js';
import { isError, parseLevel } from '../level.js';
import type { EntryColumns, Parsed } from '../parsed.js';
import { exceptionOfStack } from './stackTrace.js';

/** Application logs in JSON, under any common naming of the keys. Takes every object. */
export const applicationJson = {
  name: 'application-json',
  samples: [
    {
      of: 'pino',
      line: '{"level":30,"time":1795365696256,"pid":17,"hostname":"web-7f","reqId":"r-1","orderId":7,"msg":"order accepted"}',
    },
    {
      of: 'winston',
      line: '{"level":"error","message":"order 0 failed","stack":"Error: order 0 failed\\n    at boom (file:///app/server.mjs:4:59)","timestamp":"2026-11-22T16:41:36.257Z"}',
    },
  ],
  parse: parseEntry,
} satisfies JsonFormat;

function parseEntry(object: JsonObject): Parsed {
  const line = new Keys(object);
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

/** The keys under which application logs name each column, the most usual first. `name` is the logger's for pino, bunyan and Python only: elsewhere it is anybody's. */
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
