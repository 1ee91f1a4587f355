import { createHash } from 'node:crypto';
import { isObject } from '../parse/json/object.js';
import { parseTime } from '../parse/values/time.js';

/** What a record is named by. */
export interface Nameable {
  /** Its lines, UTF-8. */
  readonly data: Buffer;
  /** CRC-32 of its content. */
  readonly checksum: number;
  /** Stated by a label of ours: a record that is put back on the stream has it however often it is put. */
  readonly identity?: StatedIdentity | undefined;
}

export interface StatedIdentity {
  readonly name: string;
  /** A time that is the same however often it is put, ms since the epoch: that of its first arrival, or of the object it is from. */
  readonly time: number;
}

/**
 * The name of a record, by which its rows are told from those of all others: an hour since the epoch as 5 hexadecimal digits,
 * then 96 bits as base64url. Equal names mean the same record, sent again.
 *
 * A record in which the collector states a time finer than a millisecond, and the container, holds lines that no other
 * record holds: it is named by its content, and by the hour of that time. Any other one may be as like another as two
 * lines `ok` are: the id that Firehose gave it names it, which stays when an invocation is retried, and the hour of its arrival.
 */
export function recordName(record: Nameable, recordId: string, arrival: number): string {
  const collected = collectorTime(record.data);
  if (collected !== undefined) return hourDigits(collected) + contentDigest(record);
  const { name, time } = record.identity ?? { name: `id ${recordId}`, time: arrival };
  return hourDigits(time) + digest(createHash('sha256').update(name).update('\n').update(contentDigest(record)));
}

/**
 * Of all content the length, the checksum, and both ends. Hashing 1 MB whole would take as long as reading a tenth of its
 * lines, and says no more: records that begin with one line of one container, and differ, would have to agree in the rest.
 */
function contentDigest({ data, checksum }: Nameable): string {
  const hash = createHash('sha256').update(`${data.length} ${checksum}\n`);
  if (data.length <= 2 * END) return digest(hash.update(data));
  return digest(hash.update(data.subarray(0, END)).update(data.subarray(-END)));
}

/** 96 bits: 64 would agree by chance about once a week where 50,000 containers log. */
function digest(hash: ReturnType<typeof createHash>): string {
  return hash.digest('base64url').slice(0, 16);
}

/** Bytes: some dozen lines. */
const END = 8192;

/** 5 digits last until 2089. */
function hourDigits(time: number): string {
  const hour = Math.min(Math.max(Math.floor(time / HOUR), 0), 0xfffff);
  return hour.toString(16).padStart(5, '0');
}

const HOUR = 3_600_000;

/**
 * The time of the first of a few lines in which a collector states one finer than a millisecond, and the container; ms since
 * the epoch. Undefined when there is none: Fluent Bit stamps what containers print with nanoseconds, while a line that was
 * put by hand, or by a collector that is told to count seconds, may come again as it is.
 */
function collectorTime(data: Buffer): number | undefined {
  let start = 0;
  for (let line = 0; line < FEW_LINES && data[start] === BRACE; line++) {
    const newline = data.indexOf(LINE_FEED, start);
    const end = newline < 0 ? data.length : newline;
    const time = timeOf(data.toString('latin1', start, end));
    if (time !== undefined || newline < 0) return time;
    start = end + 1;
  }
  return undefined;
}

const FEW_LINES = 3;
const BRACE = 0x7b;
const LINE_FEED = 0x0a;

function timeOf(line: string): number | undefined {
  // Most records that have no such time are known by this.
  if (!fineTime.test(line)) return undefined;
  const object = parsed(line);
  if (!isObject(object) || !statesContainer(object)) return undefined;
  const { time, date } = object;
  const fine = [time, date].find((value) => fineTime.test(`"time":${JSON.stringify(value)}`));
  return fine === undefined ? undefined : parseTime(fine);
}

/** `"time":"2026-11-22T16:42:53.974000001Z"` or `"date":1764000000.974012`, with a digit below milliseconds that is no 0. */
const fineTime = /"(?:time|date)":(?:"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\d{10})\.\d{3}\d*[1-9]/;

function statesContainer({
  container_id: id,
  container_name: name,
  ecs_task_arn: task,
}: Readonly<Record<string, unknown>>) {
  return isText(id) || (isText(name) && isText(task));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
