import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, jest } from '@jest/globals';
import { albLine } from '../helpers/albLines.js';
import { wireRequests } from '../helpers/firehose.js';
import { invokeReplay, s3Of, untilReplayed } from '../helpers/replays.js';
import { query, startUp, withData } from '../helpers/up.js';

jest.setTimeout(300_000);

async function alertsTold(data: string): Promise<number> {
  const inbox = await readFile(join(data, 'slack/messages.ndjson'), 'utf8').catch(() => '');
  return inbox.split('\n').filter((line) => line !== '').length;
}

describe('what a broken transform has sent to failed/', () => {
  it('sets off alerts when it is asked to, and in shadow only says what it would have set off', () =>
    withData(async (data) => {
      const broken = await startUp(data, '--flush', '1', '--fault', 'lambda-error=1');
      const fatal = JSON.stringify({ time: new Date().toISOString(), level: 'fatal', msg: 'out of memory' });
      const line = { container_name: 'pay', container_id: 'c', source: 'stdout', log: fatal };
      await broken.put([[`${JSON.stringify(line)}\n`]]);
      await broken.stop();

      const up = await startUp(data, '--flush', '1', '--sweep', '1');
      const { replay: shadow } = await invokeReplay(data, { source: 'failed', alerts: 'shadow', dryRun: false });
      await untilReplayed(data, shadow);
      await up.stop();
      expect(await alertsTold(data)).toBe(0);
      expect(await logsOf(data, 'alert')).toContain('replayed lines would have told people');

      const again = await startUp(data, '--flush', '1');
      const { replay: sent } = await invokeReplay(data, {
        source: 'failed',
        alerts: 'send',
        again: true,
        dryRun: false,
      });
      await untilReplayed(data, sent);
      await again.stop();
      expect(await alertsTold(data)).toBeGreaterThan(0);
    }));
});

it('puts back what was stored, from a backup, without a line more', () =>
  withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const requests = wireRequests('aggregated-gzip');
    await up.put(requests);
    // As Firehose joins records in its source backup.
    const s3 = s3Of(up.ready.firehose);
    const Key = 'backup/dt=2026-11-22/hour=16/logs-1-2026-11-22-16-45-00-x';
    await s3.send(new PutObjectCommand({ Bucket: up.ready.bucket, Key, Body: Buffer.concat(requests.flat()) }));
    s3.destroy();
    const { replay: id } = await invokeReplay(data, {
      source: 'backup',
      from: '2026-11-22',
      to: '2026-11-23',
      dryRun: false,
    });
    expect(await untilReplayed(data, id)).toMatchObject({ state: 'done', records: { put: requests.flat().length } });
    await up.stop();
    const [[rows, distinct] = []] = await query(
      data,
      'SELECT count(*), count(DISTINCT (record, line, coalesce(lines, 1))) FROM access',
    );
    expect([rows, distinct]).toEqual([1800, 900]);
  }));

it('imports the lines of any objects, each once however often', () =>
  withData(async (data) => {
    const up = await startUp(data, '--flush', '1');
    const s3 = s3Of(up.ready.firehose);
    const lines = Array.from({ length: 3000 }, (_, index) => albLine(index, 3001)).join('\n');
    for (const [Key, Body] of [
      ['import/alb/a.log.gz', gzipSync(`${lines}\n`)],
      ['import/alb/b.log', albLine(3000, 3001)],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket: up.ready.bucket, Key, Body }));
    }
    s3.destroy();
    for (let time = 0; time < 2; time++) {
      const event = { source: 'import', prefix: 'import/alb/', again: time > 0, dryRun: false };
      const { replay: id } = await invokeReplay(data, event);
      expect(await untilReplayed(data, id)).toMatchObject({ state: 'done', objects: { found: 2, done: 2 } });
    }
    await up.stop();
    const sql = `SELECT count(*), count(DISTINCT (record, line)), count(DISTINCT request_id), min(dt) FROM access`;
    expect(await query(data, sql)).toEqual([[6002, 3001, 3001, '2025-03-01']]);
  }));

/** All that a function has printed. */
async function logsOf(data: string, name: string): Promise<string> {
  const folder = join(data, 'lambda', name);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('');
}
