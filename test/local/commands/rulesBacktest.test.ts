import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { startFauxqs } from 'fauxqs';
import { rulesCommand } from '../../../local/commands/rules.js';
import { s3Client } from '../../../local/s3/store/s3Bucket.js';
import { type StoredLine, writeCompacted, writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let dir: string;
let data: string;
let printed: string[];
beforeEach(async () => {
  [dir, data] = [await tempFolder(), await tempFolder()];
  await writeFile(join(dir, 'a.yml'), rules);
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(stripVTControlCharacters(text)));
});
afterEach(() => {
  delete process.env.AWS_ENDPOINT_URL_S3;
  jest.restoreAllMocks();
});

async function backtest(...args: string[]): Promise<void> {
  const program = new Command();
  rulesCommand(program);
  await program.parseAsync(['rules', 'backtest', dir, ...args], { from: 'user' });
}

const rules = `
- { name: fatal-line, where: { level: fatal }, severity: critical, title: t }
- name: many-errors
  type: frequency
  on: [error]
  threshold: 3
  window: 1m
  severity: warning
  title: t
`;

const line = (time: string, level: string): StoredLine => ({
  type: 'error',
  ts: Date.parse(time),
  columns: { service: 'pay', level, message: 'no' },
});

const lines = [
  line('2026-11-21T23:59:59Z', 'fatal'),
  line('2026-11-22T00:00:00Z', 'error'),
  line('2026-11-22T00:00:30Z', 'error'),
  line('2026-11-22T00:00:59Z', 'fatal'),
  line('2026-11-23T00:00:00Z', 'fatal'),
];

const oneDay = ['--from', '2026-11-22', '--to', '2026-11-23'];

describe('firesplit rules backtest', () => {
  it.each([
    ['as they landed', (data: string) => writeStored(data, lines)],
    ['as Parquet', (data: string) => writeCompacted(data, { now: Date.parse('2026-11-24T00:00:00Z') }, lines)],
  ])('shows what rules would have told of the lines in a data folder, %s', async (_, write) => {
    await write(data);
    await backtest('--data', data, ...oneDay);
    const [page = ''] = printed;
    expect(page).toContain('2026-11-22 00:00 to 2026-11-23 00:00 UTC, columns of 20m');
    // What the cooldown held is told when it ends.
    expect(page).toMatch(/● fatal-line critical, match +2 alerts of 1 line\n/);
    expect(page).toMatch(/● many-errors warning, frequency +2 alerts of 3 lines\n/);
    expect(page).toContain('4 alerts of 2 rules, 1 of them in 1 digest; nothing was sent');
  });

  it('prints JSON for programs', async () => {
    await writeStored(data, lines);
    await backtest('--data', data, ...oneDay, '--rule', 'many-errors', '--json');
    const { rules: summaries, columns, ...figures } = JSON.parse(printed[0] ?? '');
    expect(figures).toMatchObject({
      from: '2026-11-22T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
      rows: 4,
      digests: 0,
    });
    expect(columns).toEqual({ start: '2026-11-22T00:00:00.000Z', seconds: 1200, count: 72 });
    expect(summaries).toMatchObject([
      {
        rule: 'many-errors',
        severity: 'warning',
        alerts: 2,
        lines: 3,
        first: '2026-11-22T00:00:40.000Z',
        keys: [{ key: 'pay', alerts: 2, lines: 4, first: '2026-11-22T00:00:40.000Z' }],
      },
    ]);
    expect(summaries).toHaveLength(1);
  });

  it('reads a bucket the same way', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    const s3 = await startFauxqs({ port: 0, logger: false });
    try {
      // Until noon it is Parquet.
      await writeCompacted(data, { now: Date.parse('2026-11-22T12:30:00Z') }, lines);
      const endpoint = `http://127.0.0.1:${s3.port}`;
      const client = s3Client('us-east-1', endpoint);
      s3.createBucket('prod-logs');
      const bucket = join(data, 's3', 'logs-bucket');
      for (const name of await readdir(bucket, { recursive: true, withFileTypes: true })) {
        if (!name.isFile()) continue;
        const path = join(name.parentPath, name.name);
        const object = { Bucket: 'prod-logs', Key: relative(bucket, path), Body: await readFile(path) };
        // Landed objects of what is Parquet have expired.
        if (!/^logs.*arrived=2026-11-2(1|2-0)/.test(object.Key)) await client.send(new PutObjectCommand(object));
      }
      client.destroy();

      process.env.AWS_ENDPOINT_URL_S3 = endpoint;
      await backtest('--s3', 'prod-logs', ...oneDay, '--json');
      await backtest('--data', data, ...oneDay, '--json');
      expect(printed[0]).toBe(printed[1]);
      expect(JSON.parse(printed[0] ?? '')).toMatchObject({ rows: 4 });
    } finally {
      await s3.stop();
    }
  });

  it('says so when nothing was read', async () => {
    await writeStored(data, lines);
    const warned = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    await backtest('--data', data, ...oneDay);
    expect(warned).not.toHaveBeenCalled();
    await backtest('--data', data, '--from', '2026-10-01', '--to', '2026-10-02', '--json');
    expect(warned.mock.calls.map(([text]) => stripVTControlCharacters(text))).toEqual([
      `no line of this period that the rules look at is stored under ${data}; look at --data, --from and --to`,
    ]);
    expect(JSON.parse(printed[1] ?? '')).toMatchObject({ rows: 0 });
  });

  it.each([
    [['--from', 'soon'], /^--from is "soon"; write a time/],
    [['--from', 'now', '--to', '-1h'], /^--from now is not before --to -1h; swap them/],
    [['--learn', 'much'], /^--learn is "much"; write a number and s, m, h or d, for example 7d/],
    [['--rule', 'fatal'], /^there is no rule "fatal"/],
    [['--data', '/nowhere'], /^there are no stored logs in \/nowhere; name the data folder/],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(backtest(...args)).rejects.toThrow(message);
  });
});
