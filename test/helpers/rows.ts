import type { Place } from '../../shared/line/place.js';
import { RecordReader } from '../../shared/record/read.js';
import { fromBinary } from '../../shared/text/binary.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { arrival } from './firehose.js';

/** The columns of a stored row that its line filled: a binary string of JSON in, without where it came from. */
export function columnsOf(json: string): Record<string, unknown> {
  const { record: _, line: __, lines: ___, ...columns } = JSON.parse(fromBinary(json)) as Record<string, unknown>;
  return columns;
}

/** Where a line came from that a test makes up. */
export const somePlace: Place = { record: 'r', line: 1, lines: 1 };

/** What a reader without configuration makes of one record of these lines: the rows, each with its type. */
export function rowsOf(lines: readonly string[]): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  const reading = new RecordReader(compilePolicy()).begin({
    row: (type, json) => rows.push({ type, ...columnsOf(json) }),
    entry: () => undefined,
    blank: () => undefined,
  });
  const data = Buffer.from(`${lines.join('\n')}\n`).toString('base64');
  reading.read({ recordId: '1', approximateArrivalTimestamp: arrival, data });
  reading.end();
  return rows;
}
