import { describe, expect, it } from '@jest/globals';
import { Origin } from '../../../shared/line/origin.js';
import { openHeldText } from '../../../shared/record/heldText.js';
import { RecordReader } from '../../../shared/record/read.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { arrival, fireLens } from '../../helpers/firehose.js';
import { columnsOf, somePlace } from '../../helpers/rows.js';

const time = '2026-11-22T16:41:02.123456789Z';
const held = (log: string, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ log, stream: 'stderr', time, ...more });

describe('a line of text that its runtime put into an object', () => {
  it('is an event with the stream and time of the object', () => {
    const origin = new Origin({ service: 'web' }, [['a', 1]]);
    const event = openHeldText({
      log: held('\tat a.B.c(B.java:1)\n', { attrs: { b: 2 } }),
      time: 1,
      origin,
      place: somePlace,
    });
    expect(event).toMatchObject({ log: '\tat a.B.c(B.java:1)', time: Date.parse(time) });
    expect(event?.origin).toMatchObject({ service: 'web' });
    expect(event?.origin.extra).toEqual([
      ['a', 1],
      ['stream', 'stderr'],
      ['attrs', { b: 2 }],
    ]);
  });

  it.each([
    'INFO started',
    held('{"level":"error"}\n'),
    held(' \n'),
    held('a', { stream: 'other' }),
    held('a', { time: 'noon' }),
    '{"log":"a"}',
    '{"log":"a","stream":"stderr"',
  ])('%j is none', (log) => {
    expect(openHeldText({ log, time: 1, origin: new Origin({}), place: somePlace })).toBeUndefined();
  });

  it.each([
    ['alone', (line: string) => `${line}\n`],
    ["in FireLens's object", (line: string) => fireLens(line)],
  ])('continues an entry, %s', (_, put) => {
    const lines = ['ERROR no stock\n', 'java.lang.IllegalStateException: none\n', '\tat a.B.c(B.java:1)\n'];
    const rows: Record<string, unknown>[] = [];
    const reading = new RecordReader(compilePolicy()).begin({
      row: (type, json) => rows.push({ type, ...columnsOf(json) }),
      entry: () => undefined,
      blank: () => undefined,
    });
    const data = [put('{"level":"info","msg":"first"}'), ...lines.map((line) => put(held(line)))].join('');
    reading.read({
      recordId: '1',
      approximateArrivalTimestamp: arrival,
      data: Buffer.from(data).toString('base64'),
    });
    reading.end();
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({
      type: 'error',
      ts: '2026-11-22 16:41:02.123',
      exception: 'java.lang.IllegalStateException',
    });
    expect(JSON.parse(String(rows[1]?.fields))).toMatchObject({ stream: 'stderr' });
  });
});
