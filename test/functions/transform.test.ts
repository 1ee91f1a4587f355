import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, FirehoseTransformationResult } from 'aws-lambda';
import { type Alerts, labelMember } from '../../shared/record/label.js';
import type { SignalBatch } from '../../shared/signals/signal.js';
import { arrival, fireLens, rowsOf, transformEvent, type Wire, wireRequests, wires } from '../helpers/firehose.js';

const putBatch = jest.fn<(records: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>>();
const put = jest.fn<(key: string, body: Uint8Array) => Promise<void>>();
const send = jest.fn<(batch: unknown) => Promise<void>>();
jest.unstable_mockModule('../../functions/adapters/firehoseStream.js', () => ({
  firehoseStream: () => ({ putBatch }),
}));
jest.unstable_mockModule('../../functions/adapters/s3Store.js', () => ({ s3Store: () => ({ put }) }));
jest.unstable_mockModule('../../functions/adapters/sqsSignals.js', () => ({ sqsSignals: () => ({ send }) }));
jest.unstable_mockModule('../../functions/adapters/deployedRules.js', () => ({
  deployedRules: () => [
    {
      name: 'out-of-stock',
      type: 'match',
      on: ['app'],
      where: { message: { contains: 'OUT OF STOCK' } },
      by: ['service'],
      severity: 'info',
      title: 'x',
      cooldown: 1,
    },
    {
      name: 'server-errors',
      type: 'ratio',
      on: ['access'],
      where: {},
      of: { status: { gte: 500 } },
      window: 60_000,
      by: ['service'],
      severity: 'info',
      title: 'x',
      cooldown: 1,
    },
  ],
}));
// Waiting for a throttled stream takes no time here.
jest.unstable_mockModule('node:timers/promises', () => ({ setTimeout: async () => undefined }));
process.env.LOGS_BUCKET = 'bucket';
process.env.SIGNALS_QUEUE_URL = 'https://queue.example/signals';
process.env.PUT_BACK_KEYS = 'new key,old key';
const { handler } = await import('../../functions/transform.js');
const { metrics } = await import('../../functions/transform/metrics.js');

function transform(data: readonly (Buffer | string)[]): Promise<FirehoseTransformationResult> {
  return handler(transformEvent(data), {} as Context);
}

const add = jest.spyOn(metrics, 'add');
const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);

beforeEach(() => {
  putBatch.mockResolvedValue([]);
  put.mockResolvedValue(undefined);
  send.mockResolvedValue(undefined);
});
afterEach(() => {
  for (const mock of [putBatch, put, send]) mock.mockReset();
  add.mockClear();
  warn.mockClear();
});

describe('what a real Fluent Bit sent', () => {
  const results = new Map<Wire, Record<string, unknown>[]>();
  it.each(wires)('%s: every entry is a row of its type, the split line and the traces whole', async (wire) => {
    const { records } = await transform(wireRequests(wire).flat());
    const rows = rowsOf(records);
    results.set(wire, rows);
    // 1,981 lines, of which 9 are blank and 94 continue the line before: tracebacks of billing, stack traces of checkout.
    expect(rows).toHaveLength(1878);
    expect(rows.filter((row) => 'status' in row && row.service === 'web')).toHaveLength(600);
    expect(rows.filter((row) => 'status' in row && row.service === 'edge')).toHaveLength(300);
    const ok = records.filter(({ result }) => result === 'Ok');
    expect(ok.map(({ metadata }) => metadata?.partitionKeys)).toEqual(
      expect.arrayContaining(['access', 'error', 'app'].map((type) => ({ type }))),
    );
    expect(ok).toHaveLength(3);
  });

  it('gives the same rows however it was sent', () => {
    const [plain, ...others] = wires.map((wire) =>
      (results.get(wire) ?? []).map(({ ts, record, line, ...row }) => JSON.stringify(row)).sort(),
    );
    for (const other of others) expect(other).toEqual(plain);
  });

  it('types the error log by level, not by the stream it was written to', async () => {
    const nginx = (results.get('plain') ?? []).filter((row) => row.service === 'web' && row.source === 'stderr');
    expect(nginx.filter(({ level }) => level === 'error')).toHaveLength(74);
    expect(nginx.filter(({ level }) => level === 'info')).toHaveLength(6);
    const { records } = await transform([fireLens('plain text', { source: 'stderr' })]);
    expect(records[0]?.metadata?.partitionKeys).toMatchObject({ type: 'app' });
  });

  it('reads access lines as an independent parse does', () => {
    const expected = wireRequests('plain')
      .flat()
      .flatMap((data) => {
        const { container_name, source, log } = JSON.parse(data.toString('utf8'));
        if (source !== 'stdout') return [];
        if (container_name === 'edge') return [fromNginxJson(log)];
        return container_name === 'web' ? [fromCombined(log)] : [];
      });
    const actual = (results.get('plain') ?? [])
      .filter((row) => 'status' in row)
      .map(({ status, path, bytes, user_agent }) => ({ status, path, bytes, user_agent }));
    expect(expected).toHaveLength(900);
    // A line that no lane reads waits for what may continue it.
    expect(inAnyOrder(actual)).toEqual(inAnyOrder(expected));
  });
});

function inAnyOrder(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value)).sort();
}

/** Another way to the same values: regular expressions, and a byte-wise reading of nginx's escapes. */
function fromCombined(line: string) {
  const [, target = '', status, bytes, agent = ''] = /"\S+ (\S+) [^"]*" (\d+) (\d+) "[^"]*" "([^"]*)"/.exec(line) ?? [];
  const bytesOf = agent.replace(/\\x(..)|./gs, (each, hex?: string) => (hex ? `%${hex}` : encodeURIComponent(each)));
  return {
    status: Number(status),
    path: target.split('?')[0],
    bytes: Number(bytes),
    user_agent: decodeURIComponent(bytesOf),
  };
}

function fromNginxJson(line: string) {
  const { status, request_uri, body_bytes_sent, http_user_agent } = JSON.parse(line);
  return { status, path: request_uri.split('?')[0], bytes: body_bytes_sent, user_agent: http_user_agent };
}

const ofThreeTypes = [
  '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0"',
  '{"level":50,"msg":"broken"}',
  'a line',
];

describe('carriers', () => {
  it('answers every record once: a carrier for each partition, dropped for the rest', async () => {
    const lines = Array.from({ length: 2000 }, (_, index) =>
      fireLens(index % 3 ? `line ${index}` : `{"level":50,"msg":"broken ${index}"}`),
    );
    const event = transformEvent(lines);
    const { records } = await handler(event, {} as Context);
    expect(records.map(({ recordId }) => recordId)).toEqual(event.records.map(({ recordId }) => recordId));
    expect(records.filter(({ result }) => result === 'Ok')).toHaveLength(2);
    expect(records.filter(({ result }) => result === 'Dropped')).toHaveLength(1998);
    expect(rowsOf(records)).toHaveLength(2000);
    expect(putBatch).not.toHaveBeenCalled();
  });

  it('puts partitions without a carrier back on the stream, once, and passes them through when they return', async () => {
    const lines = ofThreeTypes.map((log) => fireLens(log));
    const { records } = await transform([`${lines.join('')}\n`]);
    expect(records.map(({ result }) => result)).toEqual(['Ok']);
    expect(putBatch).toHaveBeenCalledTimes(1);

    const returned = (putBatch.mock.calls[0]?.[0] ?? []).map((each) => Buffer.from(each));
    expect(returned).toHaveLength(2);
    const second = await transform(returned);
    expect(second.records.map(({ result }) => result)).toEqual(returned.map(() => 'Ok'));
    expect(second.records.map(({ data }) => data)).toEqual(returned.map((each) => each.toString('base64')));
    expect(putBatch).toHaveBeenCalledTimes(1);

    const rows = [...rowsOf(records), ...rowsOf(second.records)];
    expect(rows.map(({ line }) => line).sort()).toEqual([1, 2, 3]);
    expect(new Set(rows.map(({ record }) => record)).size).toBe(1);
    const keys = [...records, ...second.records].map(({ metadata }) => metadata?.partitionKeys);
    expect(keys).toEqual(expect.arrayContaining([{ type: 'access' }, { type: 'error' }, { type: 'app' }]));
  });

  it('stores left-overs itself, under one name for every retry, when the stream refuses them', async () => {
    putBatch.mockImplementation(async (records) => records);
    const lines = [fireLens('a'), fireLens('{"level":50,"msg":"b"}')].join('');
    await transform([lines]);
    await transform([lines]);
    expect(put).toHaveBeenCalledTimes(2);
    expect(put.mock.calls[0]?.[0]).toMatch(
      /^logs\/type=(app|error)\/arrived=2026-11-22-16\/put-back-[0-9a-f]{32}-0\.json\.gz$/,
    );
    expect(put.mock.calls[1]).toEqual(put.mock.calls[0]);
    expect(gunzipSync(put.mock.calls[0]?.[1] ?? Buffer.alloc(0)).toString()).toContain('"message"');
  });

  it('fails the invocation, so that Firehose retries it, when neither stream nor bucket takes a left-over', async () => {
    putBatch.mockImplementation(async (records) => records);
    put.mockRejectedValue(new Error('bucket is away'));
    await expect(transform([fireLens('a') + fireLens('{"level":50,"msg":"b"}')])).rejects.toThrow('bucket is away');
  });
});

describe('signals', () => {
  it('are made of access lines as well', async () => {
    const line = (second: number, status: number) =>
      fireLens(`203.0.113.9 - - [22/Nov/2026:16:41:0${second} +0000] "GET /a HTTP/1.1" ${status} 12 "-" "curl/8.5.0"`);
    await transform([Array.from({ length: 20 }, (_, n) => line(n % 5, n % 10 === 0 ? 502 : 200)).join('')]);
    expect(send).toHaveBeenCalledTimes(1);
    expect(send.mock.calls[0]?.[0]).toMatchObject({
      signals: [{ rule: 'server-errors', count: 2, total: 20, samples: [{ message: 'GET /a 502' }] }],
    });
  });

  it('sends one batch for an invocation, the same for a retry', async () => {
    const data = [fireLens('OUT OF STOCK sku=1'), fireLens('OUT OF STOCK sku=2')];
    await transform(data);
    await transform(data);
    expect(send).toHaveBeenCalledTimes(2);
    expect(send.mock.calls[1]).toEqual(send.mock.calls[0]);
    expect(send.mock.calls[0]?.[0]).toMatchObject({
      version: 1,
      signals: [{ rule: 'out-of-stock', key: expect.stringContaining('web'), count: 2 }],
    });
  });

  it('of replayed lines are made as their labels say, and their rows are stored all the same', async () => {
    const replayed = (alerts: Alerts) =>
      labelMember(
        gzipSync(fireLens('OUT OF STOCK sku=1')),
        { kind: 'replay', identity: { name: 'AAAAAAAAAAAAAAAA', time: arrival }, alerts },
        'old key',
      );
    const { records } = await transform([replayed('off')]);
    expect(send).not.toHaveBeenCalled();
    expect(rowsOf(records)).toMatchObject([{ message: 'OUT OF STOCK sku=1' }]);

    await transform([
      replayed('shadow'),
      replayed('shadow'),
      replayed('off'),
      replayed('send'),
      fireLens('OUT OF STOCK'),
    ]);
    const [told, shadow] = send.mock.calls.map(([batch]) => batch as SignalBatch);
    expect(told).toMatchObject({ signals: [{ count: 2 }] });
    expect(told).not.toHaveProperty('shadow');
    expect(shadow).toMatchObject({ shadow: true, signals: [{ count: 2 }] });
    expect(shadow?.id).not.toBe(told?.id);
  });

  it('keeps a batch in the bucket when the queue refuses it', async () => {
    send.mockRejectedValue(new Error('queue is away'));
    const { records } = await transform([fireLens('OUT OF STOCK sku=1')]);
    expect(records[0]?.result).toBe('Ok');
    expect(put.mock.calls[0]?.[0]).toMatch(/^signals\/[0-9a-f]{64}-0\.json$/);
  });
});

describe('bad input', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const cases: [string, Buffer | string, 'row' | 'ProcessingFailed'][] = [
    [
      'corrupt gzip',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), Buffer.from('nonsense')]),
      'ProcessingFailed',
    ],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), 'ProcessingFailed'],
    ['an empty record', '', 'ProcessingFailed'],
    ['a line of 1,000 KiB', 'x'.repeat(1_024_000), 'row'],
    ['bytes that are not UTF-8', Buffer.from([0x63, 0x61, 0x66, 0xe9]), 'row'],
    ['a JSON array', '["a", 1]', 'row'],
    ['a deeply nested object', deep, 'row'],
    ['a deeply nested object in log', fireLens(deep), 'row'],
    ['hostile keys', '{"__proto__":{"polluted":true},"constructor":1,"toString":2,"level":{"a":1},"msg":["x"]}', 'row'],
    ['half a JSON object', '{"container_name":"web","log":"cut of', 'row'],
    ['a lone surrogate and NUL', '{"msg":"\\ud800 \\u0000"}', 'row'],
  ];

  it.each(cases)('%s ends as a row or under failed/, and its neighbours are untouched', async (_, data, expected) => {
    const { records } = await transform([fireLens('before'), data, fireLens('after')]);
    const rows = rowsOf(records);
    expect(records[1]?.result).toBe(expected === 'row' ? 'Dropped' : expected);
    expect(rows).toHaveLength(expected === 'row' ? 3 : 2);
    expect(rows.map(({ message }) => message)).toEqual(expect.arrayContaining(['before', 'after']));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('keeps what a hostile line said', async () => {
    const { records } = await transform([
      '{"__proto__":{"polluted":true},"level":{"a":1},"n":1}',
      Buffer.from([0x63, 0x61, 0x66, 0xe9]),
      deep,
    ]);
    const rows = rowsOf(records);
    expect(rows.map(({ fields }) => fields)).toContain('{"__proto__":{"polluted":true},"level":{"a":1},"n":1}');
    expect(rows.map(({ message }) => message)).toEqual(expect.arrayContaining(['café', deep]));
  });

  it('tells why a record failed and never what was in it', async () => {
    await transform([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0])]);
    expect(warn.mock.calls.join()).toContain('compressed with zstd; set \\"compression gzip\\"');
  });
});

it('reads CloudWatch Logs envelopes and drops their control messages', async () => {
  const envelope = (messageType: string, logEvents: unknown[]) =>
    JSON.stringify({
      messageType,
      owner: '1',
      logGroup: '/ecs/cart',
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents,
    });
  const { records } = await transform([
    envelope('CONTROL_MESSAGE', [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE' }]),
    envelope('DATA_MESSAGE', [
      { id: '36', timestamp: 1795365696256, message: 'hello' },
      { id: '37', timestamp: 1795365696257, message: '{"level":50,"msg":"no"}' },
    ]),
  ]);
  expect(rowsOf(records)).toEqual(
    expect.arrayContaining([
      {
        ts: '2026-11-22 16:41:36.256',
        service: 'cart',
        message: 'hello',
        fields: '{"log_group":"/ecs/cart","log_stream":"s","event_id":"36"}',
        record: expect.stringMatching(/^[\da-f]{5}[\w-]{16}$/),
        line: 1,
      },
      expect.objectContaining({ service: 'cart', level: 'error', message: 'no' }),
    ]),
  );
  expect(rowsOf(records)).toHaveLength(2);
});

it('counts what it did', async () => {
  await transform([fireLens('a') + fireLens('') + fireLens('   '), '']);
  const counted = Object.fromEntries(add.mock.calls);
  expect(counted).toMatchObject({
    AppLines: 1,
    AccessLines: 0,
    ErrorLines: 0,
    BlankLines: 2,
    UndecodableRecords: 1,
    PutBackRecords: 0,
  });
});
