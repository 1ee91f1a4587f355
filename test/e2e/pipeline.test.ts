import { readdir, readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { describe, expect, it, jest } from '@jest/globals';
import { tables } from '../../shared/line/schema/index.js';
import { fireLens, wireRequests, wires } from '../helpers/firehose.js';
import { query, startUp, withData } from '../helpers/up.js';

jest.setTimeout(60_000);

const countRows = `SELECT 'access', count(*) FROM access UNION ALL SELECT 'error', count(*) FROM error UNION ALL SELECT 'app', count(*) FROM app`;
const wireCounts = [
  ['access', 900],
  ['error', 108],
  ['app', 870],
];

describe('what a real Fluent Bit sent, put through the SDK', () => {
  const rows = new Map<string, unknown>();

  it.each(wires)('%s: every row is where its type belongs', (wire) =>
    withData(async (data) => {
      const up = await startUp(data, '--flush', '1');
      await up.put(wireRequests(wire));
      expect(await up.stop()).toBe(0);
      expect(await query(data, countRows)).toEqual(wireCounts);
      expect(await query(data, `SELECT service, count(*) FROM access GROUP BY 1 ORDER BY 1`)).toEqual([
        ['edge', 300],
        ['web', 600],
      ]);
      const columns = Object.keys(tables.error)
        .filter((name) => name !== 'ts')
        .join(', ');
      rows.set(
        wire,
        await query(data, `SELECT ${columns} FROM error UNION ALL SELECT ${columns} FROM app ORDER BY ${columns}`),
      );
    }),
  );

  it('is the same however it was sent, but for its time', () => {
    const [plain, ...others] = wires.map((wire) => rows.get(wire));
    expect(plain).toHaveLength(978);
    for (const other of others) expect(other).toEqual(plain);
  });
});

it('loses and doubles nothing when it is killed between the acknowledgement and the flush', () =>
  withData(async (data) => {
    const [first = [], ...rest] = wireRequests('plain');
    const killed = await startUp(data, '--flush', '600');
    await killed.put([first]);
    await killed.kill();
    const again = await startUp(data, '--flush', '600');
    await again.put(rest);
    await again.kill();
    const last = await startUp(data, '--flush', '600');
    expect(await last.stop()).toBe(0);
    expect(await query(data, countRows)).toEqual(wireCounts);
  }));

it('gives partitions that found no carrier a second way, once', () =>
  withData(async (data) => {
    const time = '2026-11-22T16:41:02.000Z';
    const logs = [
      '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0"',
      JSON.stringify({ time, level: 'error', msg: 'b' }),
      JSON.stringify({ time, msg: 'c' }),
    ];
    const up = await startUp(data, '--flush', '600');
    await up.put([[logs.map((log) => fireLens(log)).join('')]]);
    await up.stop();
    const columns = "type, record, line, dt || 'T' || hour";
    const stored = await query(
      data,
      ['access', 'error', 'app']
        .map((type) => `SELECT ${columns} FROM ${type}`)
        .join(' UNION ALL ')
        .concat(' ORDER BY line'),
    );
    const record = stored[0]?.[1];
    expect(stored).toEqual(['access', 'error', 'app'].map((type, index) => [type, record, index + 1, '2026-11-22T16']));
  }));

it('keeps lines of any time where they arrived, and finds them by their own', () =>
  withData(async (data) => {
    const times = ['2019-02-03T04:05:06.000Z', '2031-02-03T04:05:06.000Z'];
    const up = await startUp(data, '--flush', '600');
    await up.put([times.map((time) => fireLens(JSON.stringify({ time, msg: `at ${time}` })))]);
    await up.stop();
    const found = await query(data, `SELECT message, arrived FROM app WHERE dt = '2019-02-03' AND hour = '04'`);
    const [[message, arrived] = []] = found;
    expect(found).toHaveLength(1);
    expect(message).toBe(`at ${times[0]}`);
    const age = Date.now() - Date.parse(`${String(arrived).slice(0, 10)}T${String(arrived).slice(11)}:00:00Z`);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(2 * 3_600_000);
  }));

it('keeps what can not be read under failed/, and its neighbours are untouched', () =>
  withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const broken = Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const bad = [
      'x'.repeat(1_024_000),
      Buffer.from([0x63, 0xe9]),
      '["a"]',
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      '{"__proto__":{"x":1},"msg":"p"}',
      '{"msg":"\\u0000 \\ud800"}',
    ];
    await up.put([[fireLens('before'), broken, ''], ...bad.map((each) => [each]), [fireLens('after')]]);
    await up.stop();
    const stored = await query(data, `SELECT message FROM app`);
    expect(stored).toHaveLength(bad.length + 2);
    expect(stored.flat()).toEqual(
      expect.arrayContaining(['before', 'after', 'cé', '["a"]', 'p', 'x'.repeat(1_024_000)]),
    );

    const failed = await objectsUnder(join(data, 's3', up.ready.bucket, 'failed/processing-failed'));
    const lines = failed.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
    expect(lines.map(({ rawData }) => rawData).sort()).toEqual([broken.toString('base64'), ''].sort());
    expect(lines[0]).toMatchObject({ errorCode: 'Lambda.ProcessingFailedStatus', attemptsMade: 1 });
  }));

it('takes records over TLS that its own CA vouches for', () =>
  withData(async (data) => {
    const up = await startUp(data);
    const client = new FirehoseClient({
      endpoint: up.ready.firehoseTls,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: { httpsAgent: new Agent({ ca: await readFile(up.ready.ca) }) },
    });
    await up.put([[fireLens('over TLS')]], client);
    client.destroy();
    await up.stop();
    expect(await query(data, 'SELECT message FROM app')).toEqual([['over TLS']]);
  }));

it('tells Slack once by each rule about a storm of one kind, and how large it was', () =>
  withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const storm = Array.from({ length: 400 }, (_, index) =>
      fireLens(`{"level":60,"msg":"out of luck <!channel> ${index}"}`, { container_name: 'pay' }),
    );
    await up.put([storm]);
    await up.stop();
    const inbox = (await readFile(join(data, 'slack/messages.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    // Alerts that start together are one message, which names each by its id.
    const text = JSON.stringify(inbox.map(({ blocks }) => blocks));
    const rules = [...text.matchAll(/ `([\w-]+)\/[0-9a-f]{8}`/g)].map(([, rule]) => rule);
    expect(rules).toContain('fatal-line');
    expect(new Set(rules).size).toBe(rules.length);
    expect(text).toContain('*pay logged a fatal error*\\n400 lines');
    expect(inbox.flatMap(({ mentions }) => mentions)).toEqual([]);
  }));

async function objectsUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
}
