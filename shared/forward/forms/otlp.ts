import type { OtlpSettings } from '../../config/forwardConfig.js';
import { datadog } from '../../limits.js';
import { stringify } from '../../text/json.js';
import { fitted } from '../fitted.js';
import type { Entry, Form } from '../form.js';
import { fieldsOf, type LandedRow, textOf } from '../landedRow.js';
import { messageOf } from '../message.js';

/**
 * Log records of OTLP over HTTP, as JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp. Attributes have the names of the
 * semantic conventions where there is one: https://opentelemetry.io/docs/specs/semconv/registry/attributes/
 */
export function otlpForm({ resource = {} }: Pick<OtlpSettings, 'resource'>): Form {
  function entry(row: LandedRow): Entry {
    const shared = stringify(attributesOf(resourceOf(row, resource)));
    const json = fitted(recordOf(row), datadog.maxEntryBytes - Buffer.byteLength(shared) - WRAPPING);
    return { json, shared, bytes: Buffer.byteLength(json) + Buffer.byteLength(shared) + WRAPPING };
  }

  return { contentType: 'application/json', entry, body, overhead: Buffer.byteLength(bodyOf([])) };
}

/** One after the other, as they are: only neighbours of one resource share it. */
function body(entries: readonly Entry[]): string {
  const parts: { readonly shared: string; readonly records: string[] }[] = [];
  for (const { json, shared = '[]' } of entries) {
    const last = parts.at(-1);
    if (last?.shared === shared) last.records.push(json);
    else parts.push({ shared, records: [json] });
  }
  return bodyOf(parts.map(({ shared, records }) => resourceLogs(shared, records)));
}

function bodyOf(resources: readonly string[]): string {
  return `{"resourceLogs":[${resources.join(',')}]}`;
}

function resourceLogs(attributes: string, records: readonly string[]): string {
  return `{"resource":{"attributes":${attributes}},"scopeLogs":[{"scope":{"name":"firesplit"},"logRecords":[${records.join(',')}]}]}`;
}

/** Bytes of a resource around one record, and a comma. */
const WRAPPING = Buffer.byteLength(resourceLogs('', [])) + 1;

function resourceOf(row: LandedRow, configured: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return {
    'service.name': textOf(row, 'service') ?? 'unknown_service',
    'aws.ecs.task.id': textOf(row, 'task'),
    'aws.ecs.cluster.name': textOf(row, 'cluster'),
    ...configured,
  };
}

function recordOf(row: LandedRow): Readonly<Record<string, unknown>> {
  const level = textOf(row, 'level');
  const traceId = idOf(row, 'trace_id', 32);
  const spanId = idOf(row, 'span_id', 16);
  return {
    timeUnixNano: row.ts === undefined ? undefined : `${row.ts}000000`,
    severityNumber: severities[level ?? (row.type === 'error' ? 'error' : '')],
    severityText: level,
    body: { stringValue: messageOf(row) },
    attributes: attributesOf({
      ...fieldsOf(row),
      ...stated({
        // Records with the same uid are the same record: who stores them may keep one.
        'log.record.uid': row.id,
        'log.iostream': textOf(row, 'source'),
        'firesplit.type': row.type,
        'logger.name': textOf(row, 'logger'),
        'exception.type': textOf(row, 'exception'),
        'exception.stacktrace': textOf(row, 'stack'),
        'error.fingerprint': textOf(row, 'fingerprint'),
        request_id: textOf(row, 'request_id'),
        // Ids that are none of OpenTelemetry.
        ...(traceId === undefined ? { trace_id: textOf(row, 'trace_id') } : {}),
        ...(spanId === undefined ? { span_id: textOf(row, 'span_id') } : {}),
        ...(row.type === 'access' ? requestOf(row) : {}),
      }),
    }),
    traceId,
    spanId,
  };
}

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severities: Readonly<Record<string, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };

/** Hexadecimal in OTLP's JSON, and never all zero. */
function idOf(row: LandedRow, column: string, digits: number): string | undefined {
  const id = textOf(row, column)?.toLowerCase();
  return id?.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id) ? id : undefined;
}

function requestOf({ columns }: LandedRow): Readonly<Record<string, unknown>> {
  return {
    'http.request.method': columns.method,
    'url.path': columns.path,
    'url.query': columns.query,
    'http.response.status_code': columns.status,
    'http.response.body.size': columns.bytes,
    'client.address': columns.client_ip,
    'server.address': columns.host,
    'user_agent.original': columns.user_agent,
    'http.request.header.referer': columns.referer,
    duration_ms: columns.duration_ms,
  };
}

/** Those with a value: the others leave one of `fields` of the same name as it is. */
function stated(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
}

interface KeyValue {
  readonly key: string;
  readonly value: unknown;
}

function attributesOf(values: Readonly<Record<string, unknown>>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const given = anyValue(value);
    return given === undefined ? [] : [{ key, value: given }];
  });
}

/** https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: whole numbers of 64 bits are text. */
function anyValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    case 'object':
      if (value === null) return undefined;
      if (Array.isArray(value)) return { arrayValue: { values: value.map((each) => anyValue(each) ?? {}) } };
      return { kvlistValue: { values: attributesOf(value as Readonly<Record<string, unknown>>) } };
    default:
      return undefined;
  }
}
