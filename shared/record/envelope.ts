import { type LogEvent, Origin, type OriginColumns, unknownOrigin } from '../line/origin.js';
import { parseExactly } from '../parse/json/exactJson.js';
import { isObject, type JsonObject } from '../parse/json/object.js';
import { parseTime } from '../parse/values/time.js';

/**
 * What one line of a record says. A FireLens record and a CloudWatch Logs envelope are opened; anything else, JSON or
 * text, is itself the log line. Empty for a CloudWatch CONTROL_MESSAGE, which only tests the subscription.
 */
export function openEnvelope(line: string): readonly LogEvent[] {
  const first = line[0];
  if (first !== '{' && first !== '[') return [{ log: line, time: undefined, origin: unknownOrigin }];
  const plain = parseJson(line);
  const value = isLine(plain) ? parseExactly(line) : plain;
  if (Array.isArray(value) && value.length > 0 && value.every(isObject))
    return value.flatMap((each) => openObject(each, each));
  return isObject(value) ? openObject(value, line) : [{ log: line, time: undefined, origin: unknownOrigin }];
}

/** @param line the object as it came: as text where there is one, so that what is not parsed stays as it was. */
function openObject(object: JsonObject, line: string | JsonObject): readonly LogEvent[] {
  if (isFireLens(object)) return [openFireLens(object)];
  if (isCloudWatch(object)) return openCloudWatch(object);
  return [{ log: line, time: undefined, origin: unknownOrigin }];
}

/** Whether the values are the log line's own, which must lose no digit, and not those of an envelope around its text. */
function isLine(value: unknown): boolean {
  return Array.isArray(value) || (isObject(value) && isFireLens(value) && typeof value.log !== 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html: `log` and the container, or ECS metadata. */
function isFireLens(object: JsonObject): boolean {
  return (
    Object.hasOwn(object, 'container_name') ||
    Object.hasOwn(object, 'container_id') ||
    Object.hasOwn(object, 'ecs_task_arn')
  );
}

function openFireLens(record: JsonObject): LogEvent {
  const columns: { -readonly [K in keyof OriginColumns]: OriginColumns[K] } = {};
  const extra: [string, unknown][] = [];
  const parsed: [string, unknown][] = [];
  const hasLog =
    record.log !== undefined &&
    record.log !== null &&
    !(isBlank(record.log) && saysMoreThanItsLine(Object.entries(record)));
  let time: number | undefined;
  for (const [key, value] of Object.entries(record)) {
    if (key === 'container_name' && typeof value === 'string') columns.service = serviceOf(value);
    else if (key === 'source' && typeof value === 'string') columns.source = value;
    else if (key === 'ecs_cluster' && typeof value === 'string') columns.cluster = value;
    else if (key === 'ecs_task_arn' && typeof value === 'string')
      columns.task = value.slice(value.lastIndexOf('/') + 1);
    else if (hasLog && (key === 'time' || key === 'date' || key === '@timestamp') && parseTime(value) !== undefined)
      time = parseTime(value);
    else if (key === 'log' && (hasLog || isBlank(value))) continue;
    else if (hasLog || collectorKey.test(key)) extra.push([key, value]);
    else parsed.push([key, value]);
  }
  const origin = new Origin(columns, extra);
  // Without `log`, a parser filter of Fluent Bit has spread the line's own keys over the record.
  return { log: hasLog ? logOf(record.log) : Object.fromEntries(parsed), time, origin };
}

/** Docker names a container `/name`, FireLens `name`. */
function serviceOf(containerName: string): string {
  return containerName.startsWith('/') ? containerName.slice(1) : containerName;
}

function logOf(value: unknown): string | JsonObject {
  if (typeof value === 'string') return unwrapLog(value);
  return isObject(value) ? value : JSON.stringify(value);
}

/** A line that was logged as a JSON string of a JSON object is that object. */
export function unwrapLog(log: string): string {
  if (!log.startsWith('"{') || !log.endsWith('}"')) return log;
  const inner = parseJson(log);
  return typeof inner === 'string' ? inner : log;
}

const collectorKey = /^(container_|ecs_|ec2_|partial_)/;

function isBlank(log: unknown): boolean {
  return typeof log === 'string' && !/\S/.test(log);
}

/** Whether a record holds words of its own beside its line and what collectors add: it is then not blank, though its line is. */
export function saysMoreThanItsLine(entries: readonly (readonly [key: string, value: unknown])[]): boolean {
  return entries.some(([key]) => !collectorKey.test(key) && !lineKeys.has(key));
}

const lineKeys: ReadonlySet<string> = new Set(['log', 'source', 'time', 'date', '@timestamp']);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
function isCloudWatch(object: JsonObject): boolean {
  return (
    (object.messageType === 'DATA_MESSAGE' || object.messageType === 'CONTROL_MESSAGE') &&
    Array.isArray(object.logEvents)
  );
}

function openCloudWatch(envelope: JsonObject): readonly LogEvent[] {
  if (envelope.messageType === 'CONTROL_MESSAGE') return [];
  const group = String(envelope.logGroup ?? '');
  const stream = String(envelope.logStream ?? '');
  const service = group.slice(group.lastIndexOf('/') + 1) || undefined;
  return (envelope.logEvents as readonly unknown[]).filter(isObject).map((event) => ({
    log: unwrapLog(String(event.message ?? '')),
    time: parseTime(event.timestamp),
    // CloudWatch's id tells a redelivered event from a repeated line.
    origin: new Origin({ service }, [
      ['log_group', group],
      ['log_stream', stream],
      ['event_id', event.id],
    ]),
  }));
}
