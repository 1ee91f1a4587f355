import { firehose } from '../../../../shared/limits.js';
import type { Processor } from '../../stream/streamConfig.js';

type Deaggregation = Extract<Processor, { readonly kind: 'deaggregation' }>;

/**
 * The RecordDeAggregation processor: the records that an aggregated one holds, without the line ends between them. A
 * record that holds too many, or is not of the expected form, goes on whole.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
 */
export function deaggregate(record: Buffer, processor: Deaggregation): readonly Buffer[] {
  const parts = processor.subRecords === 'JSON' ? jsonObjects(record) : delimited(record, processor.delimiter);
  return parts.length === 0 || parts.length > firehose.maxSubRecords ? [record] : parts;
}

function delimited(record: Buffer, delimiter: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < record.length; ) {
    const found = record.indexOf(delimiter, start);
    const end = found === -1 ? record.length : found;
    const part = withoutLineEnds(record.subarray(start, end));
    if (part.length > 0) parts.push(part);
    start = end + delimiter.length;
  }
  return parts;
}

function withoutLineEnds(part: Buffer): Buffer {
  let [start, end] = [0, part.length];
  while (start < end && isLineEnd(part[start])) start++;
  while (end > start && isLineEnd(part[end - 1])) end--;
  return part.subarray(start, end);
}

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
const [quote, backslash, openingBrace, closingBrace] = [0x22, 0x5c, 0x7b, 0x7d];

const isLineEnd = (byte: number | undefined) => byte === lineFeed || byte === carriageReturn;
const isSpace = (byte: number | undefined) => byte === space || byte === tab || isLineEnd(byte);

/** Objects end to end or with white space between them; none when there is anything else. */
function jsonObjects(record: Buffer): Buffer[] {
  const objects: Buffer[] = [];
  for (let start = 0; start < record.length; ) {
    if (isSpace(record[start])) {
      start++;
      continue;
    }
    const end = objectEnd(record, start);
    if (end === undefined) return [];
    objects.push(record.subarray(start, end));
    start = end;
  }
  return objects;
}

/** Where the object that begins here ends, by its braces alone. */
function objectEnd(record: Buffer, start: number): number | undefined {
  if (record[start] !== openingBrace) return undefined;
  let depth = 0;
  let quoted = false;
  for (let offset = start; offset < record.length; offset++) {
    const byte = record[offset];
    if (quoted) {
      if (byte === backslash) offset++;
      else if (byte === quote) quoted = false;
    } else if (byte === quote) quoted = true;
    else if (byte === openingBrace) depth++;
    else if (byte === closingBrace && --depth === 0) return offset + 1;
  }
  return undefined;
}
