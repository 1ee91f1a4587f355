import { inflated } from './inflated.js';
import { linesOf } from './lines.js';
import type { Found } from './sourceRecord.js';

/**
 * The records that Firehose could not process or deliver, as it keeps them below its error prefix: a JSON object in each line,
 * gzipped or not. Firehose has spelled and ordered their keys in several ways, so each is known whatever its case.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 */
export async function* failedRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  for await (const line of linesOf(inflated(chunks))) {
    const text = line.toString('utf8').trim();
    // An empty line is none that could be put back.
    if (text !== '') yield failedRecord(text);
  }
}

/** One line. */
export function failedRecord(text: string): Found {
  const members = membersOf(text);
  if (!members) return { problem: 'a line is no JSON object, as Firehose writes them for what it could not deliver' };
  const raw = members.get('rawdata');
  if (typeof raw !== 'string') return { problem: 'a line has no rawData, the record as it first came' };
  // Buffer would skip what is not base64.
  if (notBase64.test(raw) || raw.length % 4 !== 0) return { problem: 'rawData is not base64' };
  const data = Buffer.from(raw, 'base64');
  if (data.length === 0) return { problem: 'the record is empty' };
  return { data, arrival: numberOf(members.get('arrivaltimestamp')), errorCode: codeOf(members) };
}

const notBase64 = /[^A-Za-z0-9+/=]/;

/** By their names in lower case. */
function membersOf(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member]));
  } catch {
    return undefined;
  }
}

function codeOf(members: ReadonlyMap<string, unknown>): string {
  const code = members.get('errorcode') ?? members.get('lasterrorcode');
  return typeof code === 'string' && code !== '' ? code : 'unknown';
}

/** Ms since the epoch, as a number or its digits. */
function numberOf(value: unknown): number | undefined {
  const time = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof time === 'number' && Number.isFinite(time) && time >= 0 ? time : undefined;
}
