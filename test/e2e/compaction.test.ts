import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it, jest } from '@jest/globals';
import { arrivedHour } from '../../shared/line/partition.js';
import { wireRequests } from '../helpers/firehose.js';
import { query, startUp, withData } from '../helpers/up.js';

jest.setTimeout(240_000);

const run = promisify(execFile);
const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;

const questions = [
  `SELECT 'access', count(*) FROM access UNION ALL SELECT 'error', count(*) FROM error UNION ALL SELECT 'app', count(*) FROM app`,
  `SELECT dt, hour, service, status, count(*), sum(bytes), max(duration_ms) FROM access GROUP BY dt, hour, service, status ORDER BY 1, 2, 3, 4`,
  `SELECT ts, dt, hour, service, level, message, stack, fields, record, line, lines FROM error ORDER BY record, line, lines, fields`,
  `SELECT ts, dt, hour, service, level, message, stack, fields, record, line, lines FROM app ORDER BY record, line, lines, fields`,
];

async function answers(data: string) {
  return Promise.all(questions.map((sql) => query(data, sql)));
}

/** The landed objects of a data folder: their keys and contents. */
async function landed(data: string, bucket: string): Promise<readonly (readonly [string, Buffer])[]> {
  const folder = join(data, 's3', bucket);
  const names = (await readdir(join(folder, 'logs'), { recursive: true })).filter((name) => name.endsWith('.json.gz'));
  return Promise.all(names.map(async (name) => [`logs/${name}`, await readFile(join(folder, 'logs', name))] as const));
}

interface Backtested {
  readonly rows: number;
  readonly rules: readonly { readonly alerts: number }[];
}

/**
 * What all rules would have told of what arrived in the six hours before `to`. That it is stored in fewer bytes is no difference, nor
 * which of two messages of a minute is posted first: lines of one millisecond have no order of their own.
 */
async function backtested(data: string, to: number): Promise<Backtested> {
  const times = ['--from', new Date(to - 6 * 3_600_000).toISOString(), '--to', new Date(to).toISOString()];
  const { stdout } = await run(process.execPath, [cli, 'rules', 'backtest', '--data', data, ...times, '--json']);
  const toMinute = (key: string, value: unknown) =>
    key === 'first' || key === 'last' ? String(value).slice(0, '2026-11-22T16:41'.length) : value;
  const { bytes: _, ...told } = JSON.parse(stdout, toMinute) as Backtested & { readonly bytes: number };
  return told;
}

it('makes Parquet of closed windows, which answers as what landed did, each line once', () =>
  withData((source) =>
    withData(async (data) => {
      const first = await startUp(source, '--flush', '1');
      for (const request of wireRequests('plain')) await first.put([request]);
      expect(await first.stop()).toBe(0);
      const objects = await landed(source, first.ready.bucket);
      const before = await answers(source);

      const up = await startUp(data);
      const client = new S3Client({
        endpoint: up.ready.firehose,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        forcePathStyle: true,
      });
      const land = async (key: string, body: Buffer, hoursAgo: number) => {
        const hour = arrivedHour(Date.now() - hoursAgo * 3_600_000);
        const Key = key.replace(/arrived=[\d-]+/, `arrived=${hour}`);
        await client.send(new PutObjectCommand({ Bucket: up.ready.bucket, Key, Body: body }));
      };
      for (const [index, [key, body]] of objects.entries()) {
        await land(key, body, 2 + (index % 3));
        // Firehose delivered it once more.
        await land(key.replace('.json.gz', '-again.json.gz'), body, 2);
      }
      client.destroy();
      // The schedule runs once more before the end, and what it asks for is done.
      expect(await up.stop()).toBe(0);

      expect(await answers(data)).toEqual(before);
      const total = (before[0] ?? []).reduce((sum, [, count]) => sum + Number(count), 0);
      const all = ['access', 'error', 'app'].map((type) => `SELECT record FROM ${type}_parquet`).join(' UNION ALL ');
      expect(await query(data, `SELECT count(*) FROM (${all})`)).toEqual([[total]]);
      expect(
        await query(data, `SELECT count(*) FROM access_landed WHERE arrived < '${arrivedHour(Date.now())}'`),
      ).not.toEqual([[0]]);

      // Rules would have told the same of it before, when what was delivered twice counts once.
      await withData(async (before) => {
        await cp(join(data, 's3', up.ready.bucket, 'logs'), join(before, 's3', 'logs-bucket', 'logs'), {
          recursive: true,
        });
        const now = Date.now();
        const told = await backtested(before, now);
        expect(told.rows).toBe(total);
        expect(told.rules.some(({ alerts }) => alerts > 0)).toBe(true);
        expect(await backtested(data, now)).toEqual(told);
      });

      // What arrives from now on is read as it lands, beside the Parquet.
      const again = await startUp(data, '--flush', '1');
      await again.put([['GET / 200 from the newest line\n']]);
      expect(await again.stop()).toBe(0);
      const [[counted] = []] = await query(data, `SELECT count(*) FROM app WHERE message LIKE '%newest line%'`);
      expect(counted).toBe(1);
    }),
  ));
