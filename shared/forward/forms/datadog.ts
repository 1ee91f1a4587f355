import type { DatadogSettings } from '../../config/forwardConfig.js';
import { datadog } from '../../limits.js';
import { fitted } from '../fitted.js';
import type { Entry, Form } from '../form.js';
import { fieldsOf, type LandedRow, textOf } from '../landedRow.js';
import { messageOf } from '../message.js';

/**
 * Entries of Datadog's intake: https://docs.datadoghq.com/api/latest/logs/#send-logs. Attributes have the names of its standard:
 * https://docs.datadoghq.com/standard-attributes/
 */
export function datadogForm({ source = 'firesplit', tags = {} }: Pick<DatadogSettings, 'source' | 'tags'>): Form {
  const ownTags = Object.entries(tags).map(([key, value]) => `${key}:${value}`);

  function entry(row: LandedRow): Entry {
    const text = (column: string) => textOf(row, column);
    const cluster = text('cluster');
    const rowTags = [
      ...ownTags,
      `log_type:${row.type}`,
      ...(cluster === undefined ? [] : [`ecs_cluster_name:${cluster}`]),
    ];
    const members = {
      message: messageOf(row),
      ddsource: source,
      ddtags: rowTags.join(','),
      hostname: text('task'),
      service: text('service'),
      status: statusOf(row),
      timestamp: row.ts,
      logger: named({ name: text('logger') }),
      error: named({ kind: text('exception'), stack: text('stack'), fingerprint: text('fingerprint') }),
      dd: traceOf(row),
      trace_id: text('trace_id'),
      span_id: text('span_id'),
      request_id: text('request_id'),
      ...(row.type === 'access' ? requestOf(row) : {}),
      firesplit: named({ id: row.id, source: text('source') }),
      ...attributesOf(row),
    };
    const json = fitted(members, datadog.maxEntryBytes);
    // And a comma.
    return { json, bytes: Buffer.byteLength(json) + 1 };
  }

  return {
    contentType: 'application/json',
    entry,
    body: (entries) => `[${entries.map(({ json }) => json).join(',')}]`,
    overhead: 2,
  };
}

/** What is in `fields`, each under its own name, but for names that Datadog or this form give a meaning: those stay within `fields`. */
function attributesOf(row: LandedRow): Readonly<Record<string, unknown>> {
  const fields = Object.entries(fieldsOf(row)).filter(([name, value]) => name !== 'dd' || !isObject(value));
  const taken = fields.filter(([name]) => reserved.has(name));
  const free = fields.filter(([name]) => !reserved.has(name));
  return { ...Object.fromEntries(free), ...(taken.length === 0 ? {} : { fields: Object.fromEntries(taken) }) };
}

/** What Datadog takes for the time, the status, the host and so on of a log: https://docs.datadoghq.com/logs/log_configuration/pipelines/#preprocessing */
const reserved = new Set([
  ...['@timestamp', 'timestamp', '_timestamp', 'Timestamp', 'eventTime', 'date', 'published_date', 'syslog'],
  ...[
    'host',
    'hostname',
    'service',
    'status',
    'severity',
    'level',
    'message',
    'msg',
    'log',
    'ddsource',
    'ddtags',
    'dd',
  ],
  ...['trace_id', 'span_id', 'request_id', 'error', 'logger', 'http', 'network', 'duration', 'firesplit', 'fields'],
]);

/** https://docs.datadoghq.com/logs/log_configuration/processors/#log-status-remapper */
const statuses: Readonly<Record<string, string>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'critical',
};

function statusOf(row: LandedRow): string {
  const status = statuses[textOf(row, 'level') ?? ''];
  if (status !== undefined) return status;
  if (row.type === 'error') return 'error';
  const answer = Number(row.columns.status ?? 0);
  return row.type === 'access' && answer >= 500 ? 'error' : row.type === 'access' && answer >= 400 ? 'warn' : 'info';
}

/**
 * Datadog knows traces by 64 bits, as a decimal number. A tracer of its own has written such numbers already; of an id of
 * OpenTelemetry, 128 bits in hexadecimal, it takes the lower half.
 *
 * @see https://docs.datadoghq.com/tracing/other_telemetry/connect_logs_and_traces/opentelemetry/
 */
function traceOf(row: LandedRow): Readonly<Record<string, unknown>> | undefined {
  const { dd } = fieldsOf(row);
  if (isObject(dd)) return dd;
  const [traceId = '', spanId = ''] = [textOf(row, 'trace_id'), textOf(row, 'span_id')];
  const isHex = /^[0-9a-f]{32}$/i.test(traceId);
  return named({ trace_id: decimal(traceId, isHex), span_id: decimal(spanId, isHex) });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decimal(id: string, isHex: boolean): string | undefined {
  if (!isHex && /^\d{1,20}$/.test(id)) return id;
  return /^([0-9a-f]{16}|[0-9a-f]{32})$/i.test(id) ? BigInt(`0x${id.slice(-16)}`).toString() : undefined;
}

/** https://docs.datadoghq.com/standard-attributes/: `duration` is in nanoseconds. */
function requestOf({ columns }: LandedRow): Readonly<Record<string, unknown>> {
  const { duration_ms: duration } = columns;
  const query = typeof columns.query === 'string' ? `?${columns.query}` : '';
  const http = named({
    method: columns.method,
    url: typeof columns.path === 'string' ? `${columns.path}${query}` : undefined,
    status_code: columns.status,
    version: columns.protocol,
    referer: columns.referer,
    useragent: columns.user_agent,
    host: columns.host,
  });
  const client = named({ ip: columns.client_ip });
  return {
    http,
    network: named({ client, bytes_written: columns.bytes }),
    duration: typeof duration === 'number' ? Math.round(duration * 1e6) : undefined,
  };
}

/** Undefined when no member has a value: JSON leaves it out. */
function named<T extends Readonly<Record<string, unknown>>>(members: T): T | undefined {
  return Object.values(members).some((value) => value !== undefined && value !== null) ? members : undefined;
}
