import { describe, expect, it } from '@jest/globals';
import { type LineSink, RecordReader } from '../../../shared/record/read.js';
import type { LineConfig } from '../../../shared/treatment/lineConfig.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { arrival, fireLens } from '../../helpers/firehose.js';
import { columnsOf } from '../../helpers/rows.js';

/** The rows that records become, one invocation for each list. */
function rowsOf(...invocations: readonly (readonly string[])[]): Record<string, unknown>[] {
  return rowsUnder({}, ...invocations);
}

function rowsUnder(config: LineConfig, ...invocations: readonly (readonly string[])[]): Record<string, unknown>[] {
  const reader = new RecordReader(compilePolicy(config));
  const rows: Record<string, unknown>[] = [];
  const sink: LineSink = {
    row: (type, json) => rows.push({ type, ...columnsOf(json) }),
    entry: () => undefined,
    blank: () => undefined,
  };
  for (const records of invocations) {
    const reading = reader.begin(sink);
    for (const [index, data] of records.entries())
      reading.read({
        recordId: String(index),
        approximateArrivalTimestamp: arrival,
        data: Buffer.from(data).toString('base64'),
      });
    reading.end();
  }
  return rows;
}

const split = (ordinal: number, isLast: boolean, log: string) =>
  fireLens(log, {
    partial_message: 'true',
    partial_id: 'p',
    partial_ordinal: String(ordinal),
    partial_last: String(isLast),
  });

describe('lines that the runtime split', () => {
  it('are joined over the records of an invocation', () => {
    const rows = rowsOf([split(1, false, '{"level":50,'), fireLens('between'), split(2, true, '"msg":"whole"}')]);
    expect(rows.map(({ type, message }) => `${type} ${message}`).sort()).toEqual(['app between', 'error whole']);
  });

  it('stay apart with their numbers when an invocation has not all of them', () => {
    const rows = rowsOf([split(1, false, '{"level":50,')], [split(2, true, '"msg":"half"}')]);
    expect(rows.map(({ message, fields }) => [message, JSON.parse(String(fields)).partial_ordinal])).toEqual([
      ['{"level":50,', '1'],
      ['"msg":"half"}', '2'],
    ]);
  });

  it('are read by the format and as the type that the configuration names for their service', () => {
    const own = { name: 'own', pattern: '^<<(?<level>\\w+)>> (?<message>.*)$' };
    const config: LineConfig = {
      services: { web: { service: 'shop', type: 'error', format: 'own' } },
      formats: [own],
    };
    const parts = [split(1, false, '<<warn>> stock '), split(2, true, 'is low')];
    const whole = fireLens('<<warn>> stock is low');
    const [joined, sent] = rowsUnder(config, parts, [whole]);
    expect(joined).toMatchObject({ type: 'error', service: 'shop', level: 'warn', message: 'stock is low' });
    expect({ ...joined, fields: undefined }).toEqual({ ...sent, fields: undefined });
  });
});

describe('a joined event of more than 1,000,000 bytes', () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, index) => `\tat com.shop.Checkout.step${index}(Checkout.java:${index})`,
  ).join('\n');
  const event = `2026-11-22T16:41:37.445Z ERROR [main] com.shop.Checkout - é password=hunter2\n${lines}`;

  it('is cut into numbered rows that hold all of it, secrets aside', () => {
    const rows = rowsOf([fireLens(event)]);
    expect(rows.length).toBe(2);
    expect(rows.map(({ type, level, ts }) => [type, level, ts])).toEqual(
      Array(2).fill(['error', 'error', '2026-11-22 16:41:37.445']),
    );
    expect(rows.map(({ fields }) => JSON.parse(String(fields))).map(({ part, parts }) => [part, parts])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(rows.map(({ message }) => message).join('')).toBe(event.replace('hunter2', '[redacted]'));
  });
});

it.each<[string, (log: string) => string]>([
  ['with the time of their collector', (log) => fireLens(log)],
  ['without one', (log) => fireLens(log, { time: undefined })],
])('reads the next records of a container by its template, and gives the same rows: %s', (_, record) => {
  const logs = [
    'plain',
    'with "quotes" and \\ backslash',
    '{"level":30,"msg":"json"}',
    '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 1 "-" "curl"',
    'tab\there',
    'é €',
    '","time":"x',
  ];
  const apart = logs.flatMap((log) => rowsOf([record(log)]));
  const first = rowsOf([record('first')]);
  const records = ['first', ...logs].map(record);
  expect(inAnyOrder(rowsOf(records))).toEqual(inAnyOrder([...first, ...apart]));
  expect(inAnyOrder(rowsOf([records.join('')]))).toEqual(inAnyOrder([...first, ...apart]));
});

/** A line of text waits for what may continue it; lines of JSON and access lines go past it. */
function inAnyOrder(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

it('tells records of other containers from the template', () => {
  const other = (log: string) => fireLens(log, { container_name: 'api', source: 'stderr' });
  const rows = rowsOf([[fireLens('a'), other('b'), fireLens('c'), other('d'), fireLens('e', { extra: 1 })].join('')]);
  expect(rows.map(({ service, source, message }) => `${service} ${source} ${message}`).sort()).toEqual([
    ...['api stderr b', 'api stderr d', 'web stdout a', 'web stdout c', 'web stdout e'],
  ]);
  expect(JSON.parse(String(rows.find(({ message }) => message === 'e')?.fields)).extra).toBe(1);
});

it('reads every line of a long record, wherever its pieces are cut', () => {
  const lines = Array.from({ length: 4000 }, (_, index) => `${index} ${'é'.repeat(index % 40)}`);
  const messages = (text: string) => rowsOf([text]).map(({ message }) => message);
  expect(messages(lines.map((line) => fireLens(line)).join(''))).toEqual(lines);
  expect(messages(`${lines.join('\r\n')}\n\n`)).toEqual(lines);
  const long = 'x'.repeat(100_000);
  expect(messages(`a\n${long}\nb\n${long}\nc`)).toEqual(['a', long, 'b', long, 'c']);
});
