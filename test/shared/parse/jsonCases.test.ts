import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type LineSink, RecordReader } from '../../../shared/record/read.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { arrival, fireLens } from '../../helpers/firehose.js';
import { columnsOf } from '../../helpers/rows.js';

/** A JSON line as a program wrote it, and the columns of its row; null for one that it must not have. */
interface Case {
  readonly kind: string;
  readonly line: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

describe.each(['jsonLevels', 'jsonTimes', 'jsonShapes', 'jsonWithin', 'jsonCut'])('%s', (name) => {
  it.each(casesOf(name))('$kind: $line', ({ line, expected: { fields, ...columns } }) => {
    const [row = {}] = rowsOf(line);
    const found = Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] ?? null]));
    expect(found).toEqual(columns);
    if (fields) expect(JSON.parse(String(row.fields))).toMatchObject(fields);
  });
});

describe('errors of one fingerprint', () => {
  it.each([
    [
      'different messages of Rust',
      '{"timestamp":"2026-11-28T09:41:02Z","level":"ERROR","fields":{"message":"payment failed"},"target":"shop::pay"}',
      '{"timestamp":"2026-11-28T09:41:02Z","level":"ERROR","fields":{"message":"db pool exhausted"},"target":"shop::db"}',
      false,
    ],
    ['no message', '{"level":"error","code":"E_STOCK"}', '{"level":"error","code":"E_CARD"}', false],
    [
      'no message, another time',
      '{"level":"error","ts":1795858862,"a":"b"}',
      '{"level":"error","ts":1795858863,"a":"b"}',
      true,
    ],
    [
      'an error as a text',
      '{"level":"error","err":"refused","user":"anna"}',
      '{"level":"error","err":"refused","user":"ben"}',
      true,
    ],
    [
      'templates of Serilog',
      ...['anna', 'ben'].map(
        (user) => `{"Level":"Error","MessageTemplate":"{User} failed","Properties":{"User":"${user}"}}`,
      ),
      false,
    ],
    [
      'numbers in templates',
      ...[7, 8].map((id) => `{"Level":"Error","MessageTemplate":"order {Id} failed","Properties":{"Id":${id}}}`),
      true,
    ],
  ] as [string, string, string, boolean][])('%s: %s, %s: %s', (_, one, other, isSame) => {
    const [first, second] = [one, other].map((line) => rowsOf(line)[0]?.fingerprint);
    expect(first).toMatch(/^[\da-f]{16}$/);
    expect(first === second).toBe(isSame);
  });
});

function casesOf(name: string): readonly Case[] {
  const text = readFileSync(new URL(`cases/${name}.ndjson`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((json): Case => JSON.parse(json));
}

/** The rows as the transform makes them. */
function rowsOf(line: string): readonly Readonly<Record<string, unknown>>[] {
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
  return rows;
}
