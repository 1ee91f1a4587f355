import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextLane } from '../../../shared/lanes/textLane.js';
import { Origin } from '../../../shared/line/origin.js';
import { entryRow, renderFields, renderRow } from '../../../shared/line/row.js';
import type { EntryRow } from '../../../shared/line/schema/index.js';
import { textFormats } from '../../../shared/parse/formats/index.js';
import { fromBinary, toBinary } from '../../../shared/text/binary.js';
import { compilePolicy, type LinePolicy } from '../../../shared/treatment/policy.js';
import { toRow } from '../../../shared/treatment/toRow.js';
import { readLines } from '../../bench/corpus.js';

const origin = new Origin({ service: 'shop', source: 'stdout', task: 't', cluster: 'c' }, [['container_id', 'a"b']]);
const arrival = Date.UTC(2026, 10, 22, 17);

/** The row of the full parse, as the reader shows it to the lane and to the rules. */
function full(log: string, policy: LinePolicy) {
  const row = toRow({ log, time: arrival, origin }, arrival, policy);
  const fields = renderFields(row);
  const json = toBinary(renderRow(row, fields));
  return { type: row.type, ts: row.ts, json, entry: row.type === 'access' ? undefined : entryRow(row, fields) };
}

/** Reads a line as the reader does: by the lane, or else by the full parse, from which the lane learns. */
function read(lane: TextLane, policy: LinePolicy, log: string): ReturnType<TextLane['read']> {
  const row = lane.read(log, origin, arrival);
  if (row) return row;
  const parsed = full(log, policy);
  lane.learn(log, origin, arrival, parsed);
  return undefined;
}

function expectSame(row: NonNullable<ReturnType<TextLane['read']>>, log: string, policy: LinePolicy): void {
  const wanted = full(log, policy);
  expect({ type: row.type, ts: row.ts, json: fromBinary(row.json) }).toEqual({
    type: wanted.type,
    ts: wanted.ts,
    json: fromBinary(wanted.json),
  });
  expect(columnsOf(row.entry)).toEqual(wanted.entry);
}

function columnsOf(entry: EntryRow): EntryRow {
  const { fieldsColumn: _, ...columns } = entry as EntryRow & { fieldsColumn: string };
  const { fields } = entry;
  return Object.fromEntries(
    Object.entries(fields === undefined ? columns : { ...columns, fields }).filter(([, value]) => value !== undefined),
  ) as unknown as EntryRow;
}

const usual = [
  (n: number) => `2026-11-22T16:41:37.${100 + n}Z INFO    [main] com.shop.Checkout - checkout ok order=${n}`,
  (n: number) => `2026-11-22T16:41:37.${100 + n}Z SEVERE  [main] com.shop.Checkout - checkout failed order=${n}`,
  (n: number) => `2026-11-22 16:41:36,${100 + n} WARNING billing: retrying charge customer=${n}`,
  (n: number) => `2026-11-22 16:41:36,${100 + n} - billing - ERROR - charge failed customer=${n}`,
  (n: number) =>
    `2026-11-22T16:41:37.${100 + n}+01:00  INFO 1 --- [shop] [           main] com.shop.Checkout  : checkout ok order=${n}`,
  (n: number) => `2026-11-22 16:41:37,${100 + n} INFO  [io.quarkus] (main) checkout started in 0.5${n}s`,
  (n: number) => `2026/11/22 16:41:02 [notice] 7#7: signal ${n} received`,
];

describe('the text lane', () => {
  it.each(usual.map((line) => [line(7), line] as const))('learns the head of %s', (_, line) => {
    const [policy, lane] = [compilePolicy(), new TextLane(compilePolicy())];
    const taken = Array.from({ length: 40 }, (_unused, n) => {
      const row = read(lane, policy, line(n));
      if (row) expectSame(row, line(n), policy);
      return row !== undefined;
    });
    expect(taken.slice(0, 10)).not.toContain(true);
    expect(taken.slice(10)).not.toContain(false);
  });

  const line = usual[0] as (n: number) => string;
  function trained(policy = compilePolicy()): TextLane {
    const lane = new TextLane(policy);
    for (let n = 0; n < 20; n++) read(lane, policy, line(n));
    return lane;
  }

  it.each([
    ['a secret', 'login password=hunter2 failed'],
    ['a card number', 'paid with 4111 1111 1111 1111'],
    ['a request', 'GET /orders 200'],
    ['pairs', 'level=warn msg=slow'],
    ['an object', '{"level":"warn","msg":"slow"}'],
    ['a quote', 'said "no"'],
    ['a backslash', 'C:\\shop'],
    ['letters outside ASCII', 'café closed'],
    ['colours', '\u001b[31mfailed\u001b[0m'],
    ['a space at the end', 'no stock '],
    ['several lines', 'failed\n\tat com.shop.Checkout.run(Checkout.java:5)'],
    ['nothing', ''],
  ])('leaves a message with %s to the full parse', (_, message) => {
    const head = line(0).slice(0, line(0).indexOf('checkout ok'));
    const lane = trained();
    expect(lane.read(`${head}stock low`, origin, arrival)).toBeDefined();
    expect(lane.read(head + message, origin, arrival)).toBeUndefined();
  });

  it('leaves times in another layout to the full parse', () => {
    const lane = trained();
    expect(lane.read(line(7).replace('.107Z', '.107z'), origin, arrival)).toBeUndefined();
    expect(lane.read(line(7).replace('.107Z', ',107Z'), origin, arrival)).toBeUndefined();
    expect(lane.read(line(7).replace('.107Z', '.1070'), origin, arrival)).toBeUndefined();
    expect(lane.read(line(7).replace('T16', ' 16'), origin, arrival)).toBeUndefined();
    expect(lane.read(line(7).replace('T16', 'T99'), origin, arrival)).toBeUndefined();
  });

  it('leaves an hour of one digit to the full parse, which does not know every head behind it', () => {
    const policy = compilePolicy();
    const lane = new TextLane(policy);
    const spring = (hour: string) => `2026-11-22 ${hour}:41:37.445 ERROR 1 --- [main] c.s.Cart : checkout failed`;
    for (let n = 0; n < 20; n++) read(lane, policy, spring('16'));
    expect(lane.read(spring('06'), origin, arrival)).toBeDefined();
    expect(lane.read(spring(' 6'), origin, arrival)).toBeUndefined();
  });

  it('leaves a zone in another layout to the full parse', () => {
    const spring = usual[4] as (n: number) => string;
    const lane = new TextLane(compilePolicy());
    for (let n = 0; n < 20; n++) read(lane, compilePolicy(), spring(n));
    expect(lane.read(spring(7), origin, arrival)).toBeDefined();
    expect(lane.read(spring(7).replace('+01:00', '+02:30'), origin, arrival)).toBeDefined();
    for (const zone of [' +0100', '-01:00', '000UTC', '00 UTC', '00000Z'])
      expect(lane.read(spring(7).replace('+01:00', zone), origin, arrival)).toBeUndefined();
  });

  it('does not learn a head that goes on in the message', () => {
    const [policy, lane] = [compilePolicy(), new TextLane(compilePolicy())];
    // The word before the colon is the logger's.
    for (let n = 0; n < 40; n++)
      expect(read(lane, policy, `2026-11-22 16:41:36,123 [worker] charged order ${n}`)).toBeUndefined();
  });

  it('reads no line of a service that has a format or a type of its own', () => {
    const policy = compilePolicy({ services: { shop: { type: 'error' } } });
    const own = policy.origin(origin);
    const lane = new TextLane(policy);
    for (let n = 0; n < 40; n++) {
      expect(lane.read(line(n), own, arrival)).toBeUndefined();
      lane.learn(line(n), own, arrival, full(line(n), policy));
    }
  });

  it('redacts nothing that a rule names in the time or the head', () => {
    const policy = compilePolicy({ redact: { rules: [{ name: 'minute', pattern: '16:41', words: ['16:41'] }] } });
    const lane = trained(policy);
    for (let n = 0; n < 40; n++) expect(read(lane, policy, line(n))).toBeUndefined();
  });

  it('asks the full parse again now and then, and closes a head at the first difference', () => {
    const lane = trained();
    let reads = 0;
    while (lane.read(line(1), origin, arrival)) reads++;
    expect(reads).toBeGreaterThan(900);
    expect(reads).toBeLessThan(1000);
    const { ts, json } = full(line(1), compilePolicy());
    lane.learn(line(1), origin, arrival, { ts, json: `${json} ` });
    for (let n = 0; n < 40; n++) expect(read(lane, compilePolicy(), line(n))).toBeUndefined();
  });

  it('gives the very row of the full parse, or none, whatever stands behind a head that it knows', () => {
    const known = [
      ...usual.map((each) => each(5)),
      ...textFormats.flatMap(({ samples }) => samples.map((sample) => sample.line)),
      ...['billing.log', 'checkout.log', 'web.error.log'].flatMap((file) => readLines(file).slice(0, 60)),
    ];
    const policy = compilePolicy();
    const lane = new TextLane(policy);
    for (let round = 0; round < 16; round++) for (const each of known) read(lane, policy, each);
    let taken = 0;
    const word = fc.oneof(
      fc.stringMatching(/^[A-Za-z]{1,8}$/),
      fc.stringMatching(/^[!-~]{0,8}$/),
      fc.constantFrom(
        ...['ERROR', 'INFO:', 'error:', 'shop.Cart:', 'shop.Cart', '-', ' : ', '[main]', '(main)', 'a=b'],
      ),
      fc.constantFrom(
        ...['main.go:7:', 'L83', '7', '"x"', 'HTTP/1.1', '|', 'é', '\t', '---', ' ms', 'LOG:  x', 'shop[7]:'],
      ),
    );
    const message = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.nat({ max: 5 }),
        message,
        fc.nat({ max: 9 }),
        (start, sign, text, digit) => {
          const ends = [...start.matchAll(/[:\-\])] /g)].map(({ index }) => index + 2);
          const head = start.slice(0, ends[sign % Math.max(1, ends.length)] ?? start.length);
          const zoned = digit < 2 ? head.replace(/\+01:00|000Z/, ' +0100') : head;
          const log = (zoned + text).replace(/\d(?=\D*$)/, String(digit));
          const row = lane.read(log, origin, arrival);
          if (!row) return;
          taken++;
          expectSame(row, log, policy);
        },
      ),
      { numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
