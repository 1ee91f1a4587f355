import { type LogEvent, Origin, unknownOrigin } from '../line/origin.js';
import { parseExactly } from '../parse/json/exactJson.js';
import { isObject, type JsonObject } from '../parse/json/object.js';
import { parseTime } from '../parse/values/time.js';
import { type Collector, collectorOf, isCollectorKey, saidBy } from './collectors.js';

/**
 * What one line of a record says. A collector's record (collectors.ts) and a CloudWatch Logs envelope are opened; anything else, JSON or
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
  const collector = collectorOf(object);
  if (collector) return [openCollected(object, collector)];
  if (isCloudWatch(object)) return openCloudWatch(object);
  return [{ log: line, time: undefined, origin: unknownOrigin }];
}

/** Whether the values are the log line's own, which must lose no digit, and not those of an envelope around its text. */
function isLine(value: unknown): boolean {
  if (!isObject(value)) return Array.isArray(value);
  const collector = collectorOf(value);
  return collector !== undefined && typeof value[collector.line] !== 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param record of that collector */
function openCollected(record: JsonObject, collector: Collector): LogEvent {
  const line = record[collector.line];
  const hasLine =
    line !== undefined && line !== null && !(isBlank(line) && saysMoreThanItsLine(Object.entries(record)));
  const { columns, used } = saidBy(collector, record, hasLine);
  const extra: [string, unknown][] = [];
  const parsed: [string, unknown][] = [];
  const times = hasLine ? timesIn(record, collector) : new Map<string, number>();
  for (const [key, value] of Object.entries(record)) {
    const isTag = key === 'logtag' && (value === WHOLE || value === CUT);
    const isLine = key === collector.line && (hasLine || isBlank(value));
    if (isTag || isLine || used.has(key) || times.has(key)) continue;
    if (hasLine || isCollectorKey(key)) extra.push([key, value]);
    else parsed.push([key, value]);
  }
  const origin = new Origin(columns, extra);
  const [time] = times.values();
  // Without its line, a parser filter of the collector has spread the line's own keys over the record.
  const log = hasLine ? logOf(line) : Object.fromEntries(parsed);
  return record.logtag === CUT ? { log, time, origin, isCut: true } : { log, time, origin };
}

/** When the record was read, ms since the epoch, by each of its keys that says so: the first is believed. */
function timesIn(record: JsonObject, { times }: Collector): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of times) {
    const time = parseTime(record[key]);
    if (time !== undefined) found.set(key, time);
  }
  return found;
}

/** Tags of the CRI log format: https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md */
const WHOLE = 'F';
const CUT = 'P';

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

function isBlank(log: unknown): boolean {
  return typeof log === 'string' && !/\S/.test(log);
}

/** Whether a record holds words of its own beside its line and what collectors add: it is then not blank, though its line is. */
export function saysMoreThanItsLine(entries: readonly (readonly [key: string, value: unknown])[]): boolean {
  return entries.some(([key]) => !isCollectorKey(key) && !lineKeys.has(key));
}

const lineKeys: ReadonlySet<string> = new Set([
  'log',
  'source',
  'stream',
  'cluster',
  'service.name',
  'time',
  'date',
  '@timestamp',
]);

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
