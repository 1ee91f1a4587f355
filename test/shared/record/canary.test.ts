import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Origin } from '../../../shared/line/origin.js';
import { type Canary, canaryEvent, readCanary } from '../../../shared/record/canary.js';
import { RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { arrival } from '../../helpers/firehose.js';

const counters = (lines: number, retries = 0, dropped = 0, more = '') =>
  `{"input":{"forward.0":{"records":${lines}}},"output":{"firesplit":{"retries":${retries},"dropped_records":${dropped}}}},${more}`;
const time = '2026-11-22T16:44:50.500000000Z';
const record = (more: Readonly<Record<string, unknown>> = {}) => ({
  container_name: 'firesplit-canary',
  ecs_cluster: 'prod',
  ecs_task_arn: 'arn:aws:ecs:eu-west-1:123456789012:task/prod/5b0d',
  ecs_task_definition: 'web:42',
  ...{ run: 1_795_987_187, number: 7, now: counters(90, 3, 2, ',48'), before: counters(70, 1, 2, ',16'), time },
  ...more,
});

/** Reads records as the transform does. */
function read(...records: object[]) {
  const canaries: Canary[] = [];
  const rows: Record<string, unknown>[] = [];
  const reading = new RecordReader(compilePolicy({})).begin({
    row: (type, json) => rows.push({ type, ...JSON.parse(fromBinary(json)) }),
    entry: () => undefined,
    blank: () => undefined,
    canary: (canary) => canaries.push(canary),
  });
  const data = Buffer.from(records.map((each) => `${JSON.stringify(each)}\n`).join('')).toString('base64');
  reading.read({ recordId: 'r', approximateArrivalTimestamp: arrival, data });
  reading.end();
  const opened = rows.map((row): Record<string, unknown> & { fields: Record<string, unknown> } => ({
    ...row,
    fields: JSON.parse(String(row.fields ?? '{}')),
  }));
  return { canaries, rows: opened };
}

describe("a router's canary", () => {
  it('says what is new since the one before', () => {
    const { canaries, rows } = read(record());
    expect(canaries).toEqual([
      {
        ...{ run: 1_795_987_187, number: 7, time: Date.parse('2026-11-22T16:44:50.500Z') },
        now: { lines: 90, retries: 3, dropped: 2, diskBytes: 48 * 1024 },
        since: { lines: 20, retries: 2, dropped: 0, diskBytes: 48 * 1024 },
      },
    ]);
    expect(rows).toEqual([
      expect.objectContaining({
        ...{ type: 'app', service: 'firesplit-canary', task: '5b0d', cluster: 'prod', level: 'info' },
        ...{ ts: '2026-11-22 16:44:50.500', message: 'canary 7' },
        fields: {
          ...{ run: 1_795_987_187, number: 7, lag_ms: 9500, lines_total: 90, dropped_total: 2 },
          ...{ lines: 20, dropped: 0, retries: 2, disk_bytes: 48 * 1024, ecs_task_definition: 'web:42' },
        },
      }),
    ]);
  });

  it.each([1, 3])('counts from nothing while the router was not asked before, as number %d', (number) => {
    const { canaries } = read(record({ number, before: '' }));
    expect(canaries[0]?.since).toMatchObject({ lines: 90, retries: 3, dropped: 2 });
  });

  it.each([
    ['now', { now: '' }, {}],
    ['before', { before: ',16' }, { lines_total: 90, dropped_total: 2 }],
  ])('is a number all the same when the router could not be asked %s', (_when, more, expected) => {
    const { canaries, rows } = read(record(more));
    expect(canaries).toMatchObject([{ number: 7, since: undefined }]);
    const { run, number, lag_ms, ecs_task_definition, ...others } = rows[0]?.fields ?? {};
    expect({ run, number, lag_ms }).toEqual({ run: 1_795_987_187, number: 7, lag_ms: 9500 });
    expect(others).toEqual(expected);
  });

  it('is read in full each time, among other lines of the task', () => {
    const line = (log: string) => ({ container_name: 'web', source: 'stdout', log, ecs_cluster: 'prod', time });
    const { canaries, rows } = read(
      record(),
      line('{"a":1}'),
      record({ number: 8 }),
      line('{"a":2}'),
      record({ number: 9 }),
    );
    expect(canaries.map(({ number }) => number)).toEqual([7, 8, 9]);
    expect(rows.map(({ service }) => service)).toEqual([
      'firesplit-canary',
      'web',
      'firesplit-canary',
      'web',
      'firesplit-canary',
    ]);
  });

  it.each([
    ['of another container', { container_name: 'web' }],
    ['a container of the name wrote as a line', { log: '{"run":1,"number":2}' }],
    ['without a number', { number: undefined }],
    ['with a text for a number', { number: '7' }],
  ])('is none %s, and the line a row as any other', (_what, more) => {
    const { canaries, rows } = read(record(more));
    expect(canaries).toEqual([]);
    expect(rows).toHaveLength(1);
  });

  it('never throws, whatever the counters are', () => {
    const values = fc.oneof(fc.jsonValue(), fc.string());
    fc.assert(
      fc.property(values, values, fc.integer(), (now, before, number) => {
        const log = { run: 1, number, now: typeof now === 'string' ? now : JSON.stringify(now), before, time };
        const event = { log, time: undefined, origin: new Origin({ service: 'firesplit-canary' }) };
        const canary = readCanary(event);
        expect(canary).toMatchObject({ number });
        expect(canaryEvent(event, canary as Canary, arrival).log).toMatchObject({ number, lag_ms: 9500 });
      }),
    );
  });
});
