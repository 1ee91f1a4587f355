import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type LineSink, RecordReader } from '../../../shared/record/read.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { arrival, fireLens } from '../../helpers/firehose.js';
import { columnsOf } from '../../helpers/rows.js';

/** A line of text as a program wrote it, and the columns of its row; null for one that it must not have. */
interface Case {
  readonly kind?: string;
  readonly line: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

describe.each(['accessFormats', 'combinedVariants', 'longNumbers'])('%s', (name) => {
  const cases = readFileSync(new URL(`cases/${name}.ndjson`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((json): Case => JSON.parse(json));

  it.each(cases)('$line', ({ line, expected: { fields, ...columns } }) => {
    const row = rowOf(line);
    const found = Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] ?? null]));
    expect(found).toEqual(columns);
    if (fields) expect(JSON.parse(String(row.fields))).toMatchObject(fields);
  });
});

/** The row as the transform makes it. */
function rowOf(line: string): Readonly<Record<string, unknown>> {
  const rows: Record<string, unknown>[] = [];
  const sink: LineSink = {
    row: (type, json) => rows.push({ type, ...columnsOf(json) }),
    entry: () => undefined,
    blank: () => undefined,
  };
  const reading = new RecordReader(compilePolicy()).begin(sink);
  const data = Buffer.from(fireLens(line)).toString('base64');
  reading.read({ recordId: '1', approximateArrivalTimestamp: arrival, data });
  reading.end();
  return rows[0] ?? {};
}
