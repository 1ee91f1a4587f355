import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { arrival, fireLens } from '../../helpers/firehose.js';

interface Identified {
  readonly message: string;
  readonly record: string;
  readonly line: number;
  readonly lines: number | undefined;
  readonly part: unknown;
}

/** The rows of records that are read in one invocation. */
function rowsOf(records: readonly string[], idOf: (index: number) => string = String): Identified[] {
  const rows: Identified[] = [];
  const reading = reader.begin({
    row(_type, json) {
      const { message, path, fields = '{}', record, line, lines } = JSON.parse(fromBinary(json));
      rows.push({ message: message ?? path ?? '', record, line, lines, part: JSON.parse(fields).part });
    },
    entry: () => undefined,
    blank: () => undefined,
  });
  for (const [index, text] of records.entries()) {
    const data = Buffer.from(text).toString('base64');
    const read = reading.read({ recordId: idOf(index), approximateArrivalTimestamp: arrival, data });
    expect(read.kind).toBe('lines');
  }
  reading.end();
  return rows;
}

/** One for all: lanes and templates know what they have read, which must make no difference. */
const reader = new RecordReader(compilePolicy());

const identityOf = ({ record, line, lines, part }: Identified) => `${record} ${line} ${lines} ${part}`;
const identitiesOf = (rows: readonly Identified[]) => rows.map(identityOf).sort();

/** Lines as collectors send them, by a number that makes each one's text its own. */
type Line = (n: number, keys: Readonly<Record<string, unknown>>) => string;

const combined = (n: number) => `203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /${n} HTTP/1.1" 200 ${n} "-" "curl"`;
const lines: Readonly<Record<string, Line>> = {
  text: (n, keys) => fireLens(`worker ${n} is ready`, keys),
  access: (n, keys) => fireLens(combined(n), keys),
  json: (n, keys) => fireLens(`{"level":30,"msg":"order ${n}"}`, keys),
  error: (n, keys) => fireLens(`ERROR order ${n} failed`, keys),
  frame: (n, keys) => fireLens(`\tat com.shop.Checkout.run(Checkout.java:${n})`, keys),
  blank: (_, keys) => fireLens(' ', keys),
  'first part': (n, keys) => fireLens(`part of ${n}, `, { ...keys, ...part(1, false) }),
  'last part': (n, keys) => fireLens(`rest ${n}`, { ...keys, ...part(2, true) }),
  'cut by containerd': (n, keys) => fireLens(`2026-11-22T16:41:02.1Z stdout P half ${n} `, keys),
  'rest of containerd': (n, keys) => fireLens(`2026-11-22T16:41:02.1Z stdout F whole ${n}`, keys),
  long: (n, keys) => fireLens(`ERROR ${n}\n${'\tat a.B.c(B.java:1)\n'.repeat(60_000)}`, keys),
  'held text': (n, keys) =>
    fireLens(JSON.stringify({ log: `text ${n}\n`, stream: 'stdout', time: '2026-11-22T16:41:02.1Z' }), keys),
  cloudWatch: (n) =>
    `${JSON.stringify({
      messageType: 'DATA_MESSAGE',
      logGroup: '/aws/lambda/checkout',
      logStream: 's',
      logEvents: [0, 1, 2].map((id) => ({ id, timestamp: arrival, message: `event ${n} ${id}` })),
    })}\n`,
  otlp: (n, keys) =>
    fireLens(
      JSON.stringify({
        resourceLogs: [
          { scopeLogs: [{ logRecords: [1, 2].map((k) => ({ body: { stringValue: `record ${n} ${k}` } })) }] },
        ],
      }),
      keys,
    ),
  list: (n) => `[{"msg":"a ${n}"},{"msg":"b ${n}"}]\n`,
  raw: (n) => `raw ${n}\r\n`,
  empty: () => '\n',
};

function part(ordinal: number, isLast: boolean) {
  return {
    partial_message: 'true',
    partial_id: 'p',
    partial_ordinal: String(ordinal),
    partial_last: String(isLast),
  };
}

const kinds = fc.constantFrom(...Object.keys(lines).filter((kind) => kind !== 'long'));
const recordKinds = fc.array(fc.array(kinds, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });

/** @param isProof the records begin with a line of the collector's own time, to the nanosecond */
function recordsOf(all: readonly (readonly string[])[], isProof: boolean): string[] {
  let n = 0;
  return all.map((record, index) => {
    const time = isProof ? `2026-11-22T16:42:53.97400000${index + 1}Z` : '2026-11-22T16:42:53.974Z';
    return ['text', ...record].map((kind) => lines[kind]?.(++n, { time }) ?? '').join('');
  });
}

describe('the identity of a row', () => {
  it('is its own, whatever its record holds', () => {
    fc.assert(
      fc.property(recordKinds, fc.boolean(), (all, isProof) => {
        const rows = rowsOf(recordsOf(all, isProof));
        expect(new Set(rows.map(identityOf)).size).toBe(rows.length);
        expect(rows.every(({ line }) => line >= 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('stays when records are sent again whose content proves that they are the same', () => {
    fc.assert(
      fc.property(recordKinds, (all) => {
        const records = recordsOf(all, true);
        const first = rowsOf(records);
        expect(identitiesOf(rowsOf(records, (index) => `again ${index}`))).toEqual(identitiesOf(first));
        const fresh = new Set(rowsOf(recordsOf(all, false), (index) => `other ${index}`).map(identityOf));
        expect(first.some((row) => fresh.has(identityOf(row)))).toBe(false);
      }),
    );
  });

  it('is another one when like records are sent whose content proves nothing', () => {
    fc.assert(
      fc.property(recordKinds, (all) => {
        const records = recordsOf(all, false);
        const once = new Set(rowsOf(records).map(identityOf));
        expect(rowsOf(records, (index) => `again ${index}`).some((row) => once.has(identityOf(row)))).toBe(false);
        // A retry of the invocation has the same ids.
        expect(new Set(rowsOf(records).map(identityOf))).toEqual(once);
      }),
    );
  });

  it('is that of the first line, with the number of lines that were joined', () => {
    const keys = { time: '2026-11-22T16:42:53.974000001Z' };
    const of = (...all: string[]) => all.map((kind, index) => lines[kind]?.(index, keys) ?? '').join('');
    const rows = rowsOf([of('text', 'error', 'frame'), of('frame', 'cloudWatch', 'empty', 'otlp', 'raw')]);
    const recordOf = (message: string) => rows.find((row) => row.message === message)?.record;
    const [first, second] = [recordOf('worker 0 is ready'), recordOf('event 1 0')];
    const found = rows.map(({ message, record, line, lines: count }) => ({
      message: message.split('\n')[0],
      at: `${record === first ? 1 : record === second ? 2 : 'both'}:${line}`,
      count,
    }));
    expect(found).toEqual(
      expect.arrayContaining([
        { message: 'worker 0 is ready', at: '1:1', count: undefined },
        { message: 'ERROR order 1 failed', at: 'both:2', count: 3 },
        { message: 'event 1 0', at: '2:2', count: undefined },
        { message: 'event 1 2', at: '2:4', count: undefined },
        { message: '', at: '2:5', count: undefined },
        { message: '', at: '2:6', count: undefined },
        { message: 'raw 4', at: '2:7', count: undefined },
      ]),
    );
    expect(found).toHaveLength(8);
  });

  it('tells the parts of a cut entry apart', () => {
    const rows = rowsOf([lines.long?.(1, {}) ?? '']);
    expect(rows.map(({ line, lines: count, part: number }) => [line, count, number])).toEqual([
      [1, undefined, 1],
      [1, undefined, 2],
    ]);
  });
});

it('an entry that was joined over records has another identity when another record completes it', () => {
  const key = (n: number) => ({ time: `2026-11-22T16:41:02.12345678${n}Z` });
  const [head, own, other] = ['ERROR order 7 failed', '\tat a.B.c(B.java:1)', '\tat x.Y.z(Y.java:2)'].map((log, n) =>
    fireLens(log, key(n + 1)),
  ) as [string, string, string];
  const [first] = rowsOf([head, own]);
  const [second] = rowsOf([head, other]);
  const [again] = rowsOf([head, own], (index) => `again ${index}`);
  expect([first?.line, first?.lines]).toEqual([second?.line, second?.lines]);
  expect(first?.record).not.toBe(second?.record);
  expect(again?.record).toBe(first?.record);
  expect(first?.record).toMatch(/^[\da-f]{5}[\w-]{16}$/);
});
