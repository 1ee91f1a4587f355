import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, jest } from '@jest/globals';
import { wireRequests } from '../helpers/firehose.js';
import { query, startUp, type Up, withData } from '../helpers/up.js';

jest.setTimeout(300_000);

const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;
const run = promisify(execFile);

/** What the tests look at of the answers of docs/replay.md. */
interface Answer {
  readonly replay: string;
  readonly state: string;
  readonly toDoIt: object;
}

/** What the function answers, as `firesplit invoke replay` prints it. */
async function invoke(data: string, event: object): Promise<Answer> {
  const { stdout } = await run(process.execPath, [
    cli,
    'invoke',
    'replay',
    '--data',
    data,
    '--json',
    '--event',
    JSON.stringify(event),
  ]);
  return JSON.parse(stdout);
}

/** Asks how far a replay is until it is done. */
async function untilDone(data: string, id: string): Promise<Answer> {
  const { stdout } = await run(process.execPath, [cli, 'replay', 'status', id, '--data', data, '--json']);
  const answer = JSON.parse(stdout) as Answer;
  return answer.state === 'running' || answer.state === 'finding' ? untilDone(data, id) : answer;
}

/** Rows by type: all of them, and those that are told apart by where they came from. */
async function counts(data: string) {
  const types = ['access', 'error', 'app'].map(
    (type) => `SELECT '${type}', count(*), count(DISTINCT (record, line, coalesce(lines, 1))) FROM ${type}`,
  );
  return query(data, types.join(' UNION ALL '));
}

const distinct = (rows: readonly (readonly unknown[])[]) => rows.map(([type, , count]) => [type, count]);

async function alertsTold(data: string): Promise<number> {
  const inbox = await readFile(join(data, 'slack/messages.ndjson'), 'utf8').catch(() => '');
  return inbox.split('\n').filter((line) => line !== '').length;
}

describe('what a broken transform has sent to failed/', () => {
  it.each(['plain', 'aggregated-gzip'] as const)(
    '%s: is stored once by a replay that is killed twice, and nobody is told',
    (wire) =>
      withData(async (data) => {
        const broken = await startUp(data, '--flush', '1', '--fault', 'lambda-error=1');
        await broken.put(wireRequests(wire));
        await broken.stop();
        expect(distinct(await counts(data))).toEqual([
          ['access', 0],
          ['error', 0],
          ['app', 0],
        ]);

        let up: Up = await startUp(data, '--flush', '1');
        const dryRun = await invoke(data, { source: 'failed', from: '1h ago' });
        const records = wireRequests(wire).flat().length;
        expect(dryRun).toMatchObject({
          dryRun: true,
          found: { records, byErrorCode: { 'Lambda.FunctionError': records } },
        });
        const { replay: id } = await invoke(data, dryRun.toDoIt);
        for (let kill = 0; kill < 2; kill++) {
          await up.kill();
          up = await startUp(data, '--flush', '1');
        }
        expect(await untilDone(data, id)).toMatchObject({
          state: 'done',
          records: { read: records, put: records, skipped: 0 },
        });
        await up.stop();
        const stored = distinct(await counts(data));
        expect(stored).toEqual([
          ['access', 900],
          ['error', 108],
          ['app', 870],
        ]);

        // Once more, and also when it is asked for: not a row that is not there already.
        const again = await startUp(data, '--flush', '1');
        expect(await invoke(data, { source: 'failed', dryRun: false })).toMatchObject({ found: { records: 0 } });
        const { replay: third } = await invoke(data, { source: 'failed', again: true, dryRun: false });
        expect(await untilDone(data, third)).toMatchObject({ state: 'done', records: { put: records } });
        await again.stop();
        expect(distinct(await counts(data))).toEqual(stored);
        expect(await alertsTold(data)).toBe(0);
      }),
  );

  it('sets off alerts when it is asked to, and in shadow only says what it would have set off', () =>
    withData(async (data) => {
      const broken = await startUp(data, '--flush', '1', '--fault', 'lambda-error=1');
      const fatal = JSON.stringify({ time: new Date().toISOString(), level: 'fatal', msg: 'out of memory' });
      const line = { container_name: 'pay', container_id: 'c', source: 'stdout', log: fatal };
      await broken.put([[`${JSON.stringify(line)}\n`]]);
      await broken.stop();

      const up = await startUp(data, '--flush', '1', '--sweep', '1');
      const { replay: shadow } = await invoke(data, { source: 'failed', alerts: 'shadow', dryRun: false });
      await untilDone(data, shadow);
      await up.stop();
      expect(await alertsTold(data)).toBe(0);
      expect(await logsOf(data, 'alert')).toContain('replayed lines would have told people');

      const again = await startUp(data, '--flush', '1');
      const { replay: sent } = await invoke(data, { source: 'failed', alerts: 'send', again: true, dryRun: false });
      await untilDone(data, sent);
      await again.stop();
      expect(await alertsTold(data)).toBeGreaterThan(0);
    }));
});

it('imports the lines of any objects, each once however often', () =>
  withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const s3 = new S3Client({
      endpoint: up.ready.firehose,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      forcePathStyle: true,
    });
    const lines = Array.from({ length: 3000 }, (_, index) => albLine(index)).join('\n');
    for (const [Key, Body] of [
      ['import/alb/a.log.gz', gzipSync(`${lines}\n`)],
      ['import/alb/b.log', albLine(3000)],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket: up.ready.bucket, Key, Body }));
    }
    s3.destroy();
    for (let time = 0; time < 2; time++) {
      const event = { source: 'import', prefix: 'import/alb/', again: time > 0, dryRun: false };
      const { replay: id } = await invoke(data, event);
      expect(await untilDone(data, id)).toMatchObject({ state: 'done', objects: { found: 2, done: 2 } });
    }
    await up.stop();
    const sql = `SELECT count(*), count(DISTINCT (record, line)), min(dt), count(DISTINCT path), sum(status) FROM access`;
    expect(await query(data, sql)).toEqual([[6002, 3001, '2025-03-01', 3001, 6002 * 200]]);
  }));

function albLine(index: number): string {
  const time = new Date(Date.parse('2025-03-01T00:00:00.123Z') + index * 1000).toISOString().replace('Z', '456Z');
  return `https ${time} app/shop/50dc6c495c0c9188 192.168.131.39:${1024 + index} 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/item/${index} HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/12345678" 1 ${time} "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-"`;
}

/** All that a function has printed. */
async function logsOf(data: string, name: string): Promise<string> {
  const folder = join(data, 'lambda', name);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('');
}
