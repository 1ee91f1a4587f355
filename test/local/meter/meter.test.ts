import { EventEmitter } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StackEmitter } from '../../../local/events.js';
import { billOf } from '../../../local/meter/bill.js';
import { Meter, readUsage } from '../../../local/meter/meter.js';
import { FakeClock } from '../../helpers/fakeClock.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let data: string;
let clock: FakeClock;
let events: StackEmitter;
let problems: string[];

beforeEach(async () => {
  data = await tempFolder();
  clock = new FakeClock();
  events = new EventEmitter();
  problems = [];
  events.on('problem', (problem) => problems.push(problem));
});

const kept = { landed: 73, parquet: 730, indexes: 365 };

const open = () => Meter.open({ data, clock, events, kept });

function invoke(billedMs: number, memoryMb: number): void {
  const answer = { outcome: 'returned', records: 1, ms: 1, requestBytes: 1, responseBytes: 1, log: undefined };
  events.emit('invoked', { function: 'transform', billedMs, memoryMb, ...answer });
}

const line = (bytes: number) => Buffer.from(`${'x'.repeat(bytes - 1)}\n`);

describe('the meter', () => {
  it('rounds each record up to 5 KB', async () => {
    const meter = await open();
    const records = [0, 1, 5120, 5121].map((bytes) => Buffer.alloc(bytes, 'x'));
    events.emit('accepted', { stream: 'logs', sender: 'client', data: records });
    await meter.close();
    expect(meter.usage().streams.logs).toMatchObject({ records: 4, bytes: 10242, billedBytes: 20480 });
  });

  it('counts a GB of records, partitions, compute and requests at list prices', async () => {
    const meter = await open();
    const mebibyte = Buffer.alloc(2 ** 20, line(512));
    // 1,025 KB are billed for each, as 205 times 5 KB.
    for (let n = 0; n < 1024; n++) events.emit('accepted', { stream: 'logs', sender: 'client', data: [mebibyte] });
    for (let n = 0; n < 1000; n++)
      events.emit('delivered', { key: 'k', bytes: 2 ** 20, records: 1, partitioned: true });
    for (let n = 0; n < 1000; n++) invoke(1000, 2048);
    events.emit('delivered', { key: 'failed', bytes: 1, records: 1 });
    events.emit('requested', { service: 'sqs', units: 1_000_000 });
    events.emit('requested', { service: 'dynamodb', units: 1_000_000 });
    events.emit('requested', { service: 's3', units: 999 });
    events.emit('requested', { service: 's3Gets', units: 1_000_000 });
    await meter.close();
    const bill = billOf(meter.usage());
    const items = Object.fromEntries(bill.items.map(({ service, what, dollars }) => [`${service} ${what}`, dollars]));
    expect(items['Firehose records, each rounded up to 5 KB']).toBeCloseTo(0.029 * (1025 / 1024), 10);
    expect(items['Firehose dynamic partitioning, data']).toBeCloseTo(0.02 * (1000 / 1024), 10);
    expect(items['Firehose dynamic partitioning, objects']).toBeCloseTo(0.005, 10);
    expect(items['Lambda invocations of transform']).toBeCloseTo(0.0002, 10);
    expect(items['Lambda compute of transform, arm64']).toBeCloseTo(2000 * 0.0000133334, 10);
    expect(items['S3 PUT by Firehose']).toBeCloseTo(0.005005, 10);
    expect(items['S3 PUT, LIST by functions']).toBeCloseTo(0.004995, 10);
    expect(items['S3 GET by functions']).toBeCloseTo(0.4, 10);
    expect(items['SQS send, receive, delete']).toBeCloseTo(0.4, 10);
    expect(items['DynamoDB states of rules and keys']).toBeCloseTo(0.625, 10);
    expect(bill.dollars).toBeCloseTo(
      Object.values(items).reduce((sum, each) => sum + each, 0),
      10,
    );
  });

  it('counts what is stored, of each kind, for all the time that it is kept', async () => {
    const meter = await open();
    const GB = 2 ** 30;
    events.emit('delivered', { key: 'logs/type=access/arrived=2026-11-22-16/a.json.gz', bytes: GB, records: 1 });
    events.emit('delivered', { key: 'failed/processing-failed/a', bytes: GB, records: 1 });
    events.emit('put', { key: 'parquet/type=access/dt=2026-11-22/a.parquet', bytes: 2 * GB });
    events.emit('put', { key: 'compact/index/type=access/hour=79c08/00000000.parquet', bytes: 3 * GB });
    events.emit('put', { key: 'compact/control/type=access.json', bytes: GB });
    await meter.close();
    const items = billOf(meter.usage()).items.filter(({ stage }) => stage === 'storage');
    expect(items.map(({ what, quantity }) => [what, quantity])).toEqual([
      // A twelfth of a year is a month.
      ['landed lines, kept 73 days', expect.closeTo(0.2 * 12, 10)],
      // 2 GB, of which nobody asks: cheaper after 30 days, and after 90.
      ['Parquet, 30 days', expect.closeTo((2 * 30 * 24) / 730, 10)],
      ['Parquet, 60 more days', expect.closeTo((2 * 60 * 24) / 730, 10)],
      ['Parquet, 640 more days', expect.closeTo((2 * 640 * 24) / 730, 10)],
      ['identities of lines, kept 365 days', expect.closeTo(3 * 12, 10)],
    ]);
    expect(items.map(({ unitDollars }) => unitDollars)).toEqual(
      [0.023, 0.023, 0.0125, 0.004, 0.023].map((dollars) => expect.closeTo(dollars, 10)),
    );
  });

  it('compares records as sent with a record for each line', async () => {
    const meter = await open();
    const lines = Buffer.concat(Array(1000).fill(line(512)));
    events.emit('accepted', { stream: 'logs', sender: 'client', data: [gzipSync(lines)] });
    events.emit('accepted', { stream: 'logs', sender: 'transform', data: [gzipSync('put back\n')] });
    await meter.close();
    const { aggregation } = billOf(meter.usage());
    expect(aggregation).toMatchObject({ lines: 1000, rawBytes: 512_000, isEstimate: false });
    // One record from outside and the one that was put back, of 5 KB each.
    expect(aggregation?.sentDollars).toBeCloseTo((10_240 / 2 ** 30) * 0.029, 12);
    expect(aggregation?.lineByLineDollarsPerTb).toBeCloseTo(10 * 1024 * 0.029, 6);
  });

  it('looks into a part of what comes fast and takes the rest to be alike', async () => {
    const meter = await open();
    const record = Buffer.alloc(1_000_000, line(100));
    for (let n = 0; n < 50; n++) events.emit('accepted', { stream: 'logs', sender: 'client', data: [record] });
    await meter.close();
    // 8 MB wait at once.
    expect(meter.usage().streams.logs?.lines.lines).toBe(80_000);
    expect(billOf(meter.usage()).aggregation).toMatchObject({ lines: 500_000, rawBytes: 50e6, isEstimate: true });
  });

  it('looks into everything that comes slowly', async () => {
    const meter = await open();
    const record = gzipSync(Buffer.concat(Array(100).fill(line(100))));
    for (let n = 0; n < 50; n++) {
      events.emit('accepted', { stream: 'logs', sender: 'client', data: [record] });
      clock.advance(1);
    }
    await meter.close();
    expect(billOf(meter.usage()).aggregation).toMatchObject({ lines: 5000, isEstimate: false });
  });

  it('tells what a month costs at this rate, once it has run for a minute', async () => {
    const meter = await open();
    invoke(1000, 1024);
    clock.advance(59_999);
    expect(billOf(meter.usage()).monthlyDollars).toBeUndefined();
    clock.advance(60_001);
    const bill = billOf(meter.usage());
    expect(bill.monthlyDollars).toBeCloseTo(bill.dollars * 730 * 30, 10);
    await meter.close();
  });
});

describe('the meter over restarts', () => {
  it('goes on where it stopped; the time between does not count as up', async () => {
    const first = await open();
    invoke(1000, 1024);
    clock.advance(90_000);
    await first.close();
    clock.advance(3_600_000);
    const second = await open();
    invoke(500, 1024);
    clock.advance(30_000);
    await second.close();
    expect(await readUsage(data)).toEqual(second.usage());
    expect(second.usage()).toMatchObject({
      upMs: 120_000,
      functions: { transform: { invocations: 2, gbSeconds: 1.5 } },
    });
    expect(problems).toEqual([]);
  });

  it('takes the days that the infra files state when it goes on', async () => {
    const first = await open();
    events.emit('put', { key: 'parquet/a.parquet', bytes: 10 });
    await first.close();
    const second = await Meter.open({ data, clock, events, kept: { ...kept, parquet: 30 } });
    await second.close();
    expect(second.usage().stored).toMatchObject({ landed: { days: 73 }, parquet: { bytes: 10, days: 30 } });
  });

  it('does not hear what happens after it is closed', async () => {
    const meter = await open();
    await meter.close();
    invoke(1000, 1024);
    expect(meter.usage().functions.transform).toBeUndefined();
  });

  it('is written at most once a second', async () => {
    const meter = await open();
    invoke(1000, 1024);
    clock.advance(999);
    invoke(1000, 1024);
    expect(await readUsage(data)).toBeUndefined();
    clock.advance(1);
    invoke(1000, 1024);
    await meter.close();
    expect((await readUsage(data))?.functions.transform?.invocations).toBe(3);
  });

  it.each(['', '{"version":1', '{"version":99,"usage":{}}'])('starts anew on a damaged file: %s', async (text) => {
    await writeFile(join(data, 'meter.json'), text);
    await expect(readUsage(data)).rejects.toThrow("can't be read: remove it");
    const meter = await open();
    invoke(1000, 1024);
    await meter.close();
    expect(problems).toEqual([expect.stringContaining('Counting starts anew.')]);
    expect((await readUsage(data))?.functions.transform?.invocations).toBe(1);
  });

  it('counts streams of any name', async () => {
    const meter = await open();
    events.emit('accepted', { stream: '__proto__', sender: 'client', data: [line(10)] });
    await meter.close();
    const again = await open();
    expect(Object.keys(again.usage().streams)).toEqual(['__proto__']);
    expect(billOf(again.usage()).aggregation?.lines).toBe(1);
    expect(({} as { records?: number }).records).toBeUndefined();
    expect(await readFile(join(data, 'meter.json'), 'utf8')).toContain('"__proto__":{"records":1');
    await again.close();
  });
});
