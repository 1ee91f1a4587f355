import { type LogEvent, Origin } from '../line/origin.js';
import { isObject, type JsonObject, parseObject } from '../parse/json/object.js';
import { plainAttributes } from '../parse/json/otlpValue.js';

/**
 * The log records of an OTLP export request, one event each; undefined for any other event. What they have in common,
 * their resource, becomes the origin's: its `service.name` is the service, where the record around names none.
 *
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function openOtlp({ log, time, origin }: LogEvent): readonly LogEvent[] | undefined {
  const request = typeof log !== 'string' ? log : start.test(log) ? parseObject(log) : undefined;
  if (!request || !Array.isArray(request.resourceLogs)) return undefined;
  const events = objectsIn(request.resourceLogs).flatMap((resourceLogs) => {
    const own = originOf(resourceLogs.resource, origin);
    return objectsIn(resourceLogs.scopeLogs).flatMap(({ scope, logRecords }) =>
      objectsIn(logRecords).map((record) => ({
        log: isNamed(scope) ? { ...record, scope } : record,
        time,
        origin: own,
      })),
    );
  });
  // A request without a record is kept as the line it is.
  return events.length > 0 ? events : undefined;
}

const start = /^\s*\{\s*"resourceLogs"/;

function objectsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isNamed(scope: unknown): boolean {
  return isObject(scope) && typeof scope.name === 'string' && scope.name !== '';
}

function originOf(resource: unknown, origin: Origin): Origin {
  const { 'service.name': name, ...others } = (isObject(resource) && plainAttributes(resource.attributes)) || {};
  const attributes = origin.service === undefined || name === undefined ? others : { 'service.name': name, ...others };
  const extra: Origin['extra'] =
    Object.keys(attributes).length === 0 ? origin.extra : [...origin.extra, ['resource', attributes]];
  return new Origin(
    { ...columnsOf(origin), service: origin.service ?? (typeof name === 'string' ? name : undefined) },
    extra,
  );
}

function columnsOf({ source, task, cluster }: Origin): Pick<Origin, 'source' | 'task' | 'cluster'> {
  return { source, task, cluster };
}
