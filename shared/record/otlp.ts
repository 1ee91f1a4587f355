import { type LogEvent, Origin } from '../line/origin.js';
import { isObject, type JsonObject, parseObject } from '../parse/json/object.js';
import { plainAttributes, plainValue } from '../parse/json/otlpValue.js';
import { saidByResource } from './collectors.js';

/**
 * The log records of an OTLP export request, one event each; undefined for any other event. What they have in common,
 * their resource, becomes the origin's: it names the columns that the record around does not (collectors.ts).
 *
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function openOtlp({ log, time, origin }: LogEvent): readonly LogEvent[] | undefined {
  const request = typeof log !== 'string' ? log : start.test(log) ? parseObject(log) : undefined;
  if (!request || !Array.isArray(request.resourceLogs)) return undefined;
  const events = objectsIn(request.resourceLogs).flatMap((resourceLogs) => {
    const own = new Map<string | undefined, Origin>();
    const ofStream = (stream: string | undefined) => {
      const known = own.get(stream) ?? originOf(resourceLogs.resource, origin, stream);
      own.set(stream, known);
      return known;
    };
    return objectsIn(resourceLogs.scopeLogs).flatMap(({ scope, logRecords }) =>
      objectsIn(logRecords).map((record) => ({
        log: isNamed(scope) ? { ...record, scope } : record,
        time,
        origin: ofStream(streamOf(record)),
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

/** `stdout` or `stderr`: https://opentelemetry.io/docs/specs/semconv/general/logs/ */
function streamOf({ attributes }: JsonObject): string | undefined {
  const stream = plainAttributes(attributes)?.['log.iostream'];
  return typeof stream === 'string' ? stream : undefined;
}

function originOf(resource: unknown, origin: Origin, stream: string | undefined): Origin {
  const list = isObject(resource) ? resource.attributes : undefined;
  const plain = plainAttributes(list);
  const attributes = plain ?? firstOfEach(list);
  const { service, source = stream, task, cluster, extra } = origin;
  const { columns, used } = saidByResource(attributes, { service, source, task, cluster });
  const others = Object.entries(attributes).filter(([key]) => !used.has(key));
  // A list that is no object, as when it names a key twice, stays as it came.
  const rest = plain || list === undefined ? Object.fromEntries(others) : { attributes: list };
  return new Origin(columns, Object.keys(rest).length === 0 ? extra : [...extra, ['resource', rest]]);
}

function firstOfEach(list: unknown): JsonObject {
  const named = objectsIn(list).filter(({ key }) => typeof key === 'string');
  return Object.fromEntries(named.reverse().map(({ key, value }) => [String(key), plainValue(value)]));
}
