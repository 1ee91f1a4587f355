import { on } from 'node:events';
import { watch } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { expect, it, jest } from '@jest/globals';
import { firehose } from '../../shared/limits.js';
import { arrivedHour } from '../../shared/line/partition.js';
import { logTypes, storedTables } from '../../shared/line/schema/index.js';
import { formatTimestamp } from '../../shared/line/timestamp.js';
import type { ReplayObject, ReplayPart } from '../../shared/replay/manifest.js';
import { dayOfLogs, type HourOfLogs } from '../helpers/dayOfLogs.js';
import { invokeReplay, type ReplayAnswer, s3Of, untilReplayed } from '../helpers/replays.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { query, startUp, startUpOf, startUpWith, type Up, withData } from '../helpers/up.js';
import { wrongVersion } from '../helpers/wrongVersion.js';

jest.setTimeout(600_000);

/** It can't read nanoseconds: what Fluent Bit sends fails, each record alone. */
const failsRecords = {
  file: 'shared/parse/values/time.ts',
  from: 'const separator = value.charCodeAt(4);',
  to: "const separator = value.charCodeAt(4); if (/\\.\\d{9}Z$/.test(value)) throw new RangeError('Invalid time value');",
};

/** It calls a method that was renamed: every invocation fails. */
const failsInvocations = {
  file: 'shared/record/read.ts',
  from: 'this.lanes.json.begin();',
  to: 'this.lanes.json.start();',
};

/** Each of the two workers puts a batch of 500 records at once, and the next one after four minutes. */
const slowly = { REPLAY_RECORDS_PER_SECOND: '4' };

it('a day that wrong versions sent to failed/ is stored once by a replay that is killed twice, and nobody is told', () =>
  withData((undisturbed) =>
    withData(async (data) => {
      const end = Date.now();
      const day = dayOfLogs(end);
      // A wrong version, and a hasty one after it; and what a right one makes of the same records.
      const [night, rest] = [day.slice(0, 8), day.slice(8)];
      const [wrong, worse] = await Promise.all([wrongVersion(failsRecords), wrongVersion(failsInvocations)]);
      await Promise.all([
        deliver(day, startUp(undisturbed, ...atTheEnd)),
        deliver(night, startUpOf(wrong, {}, data, ...atTheEnd)).then(() =>
          deliver(rest, startUpOf(worse, {}, data, ...atTheEnd)),
        ),
      ]);
      const wanted = await comparable(undisturbed);
      expect(wanted.map((rows) => rows.length)).toEqual(logTypes.map((type) => sum(day, ({ rows }) => rows[type])));
      expect(await alertsTold(undisturbed)).toBeGreaterThan(0);
      expect(await rowsIn(data, logTypes)).toBe(
        sum(night, ({ records, fromFluentBit }) => records.length - fromFluentBit),
      );
      const mended = Date.now();

      // Mended: the console's dry run, then its `toDoIt`.
      let up: Up = await startUpWith(slowly, data, '--flush', '1');
      const failedAlone = sum(night, ({ fromFluentBit }) => fromFluentBit);
      const failedTogether = sum(rest, ({ records }) => records.length);
      const records = failedAlone + failedTogether;
      const dryRun = await invokeWithFile(data, { source: 'failed', from: '1h ago' });
      expect(dryRun).toMatchObject({
        dryRun: true,
        found: {
          objects: 2,
          records,
          byErrorCode: { 'Lambda.ProcessingFailedStatus': failedAlone, 'Lambda.FunctionError': failedTogether },
        },
      });
      const { replay: id } = await invokeWithFile(data, dryRun.toDoIt);

      // Killed when one object is noted as put back, and a part of the other is stored that is not noted.
      const notes = join(data, 's3', up.ready.bucket, 'replay', id);
      await untilNoted(notes, (objects) => sum(objects, ({ read }) => read) > 0);
      const ofTheRest = `SELECT count(*), count(DISTINCT (record, line)) FROM access
        WHERE service = 'web' AND ts >= TIMESTAMP '${formatTimestamp(end - 16 * HOUR)}'`;
      await untilAnswer(data, ofTheRest, ([rows]) => Number(rows) > 0);
      await up.kill();
      expect(await readIn(notes)).toBeGreaterThan(0);
      expect(await readIn(notes)).toBeLessThan(records);
      // Once more, when that part is stored a second time.
      up = await startUpWith(slowly, data, '--flush', '1');
      await untilAnswer(data, ofTheRest, ([rows, lines]) => Number(rows) > Number(lines));
      await up.kill();
      expect(await readIn(notes)).toBeLessThan(records);
      up = await startUp(data, '--flush', '1');
      await untilNoted(notes, (objects) => objects.every(({ state }) => state === 'done'));
      expect(await untilReplayed(data, id)).toMatchObject({
        state: 'done',
        objects: { found: 2, done: 2 },
        records: { read: records, put: records, skipped: 0 },
      });
      await up.stop();

      // Compacted, it is as if nothing had happened.
      const rows = sum(wanted, ({ length }) => length);
      expect(await rowsIn(data, logTypes)).toBeGreaterThan(rows);
      await compactLanded(data);
      expect(await comparable(data)).toEqual(wanted);
      expect(await rowsIn(data, parquet)).toBe(rows);
      const undated = `SELECT count(*) FROM app WHERE service IS NULL AND ts >= TIMESTAMP '${formatTimestamp(mended)}'`;
      expect(await query(data, undated)).toEqual([[0]]);
      expect(await alertsTold(data)).toBe(0);

      // Again: nothing is left to do, and what is asked for all the same changes nothing.
      const stored = await everything(data);
      up = await startUp(data, '--flush', '1');
      expect(await invokeWithFile(data, { source: 'failed', dryRun: false })).toMatchObject({ found: { records: 0 } });
      const again = await invokeWithFile(data, { source: 'failed', again: true, alerts: 'shadow', dryRun: false });
      expect(await untilReplayed(data, again.replay)).toMatchObject({ state: 'done', records: { put: records } });
      await up.stop();
      expect(await rowsIn(data, logTypes)).toBeGreaterThan(rows);
      await compactLanded(data);
      expect(await everything(data)).toEqual(stored);
      expect(await alertsTold(data)).toBe(0);
      // Silent, and not because there was nothing to tell.
      expect(await printedBy(data, 'alert')).toContain('replayed lines would have told people');
    }),
  ));

/** What is put is transformed and delivered when it stops, in one invocation and one object of each prefix. */
const atTheEnd = ['--flush', '600'];

/** Lets an `up` take these hours, and stops it. */
async function deliver(hours: readonly HourOfLogs[], started: Promise<Up>): Promise<void> {
  const up = await started;
  const records = hours.flatMap((hour) => hour.records);
  for (let start = 0; start < records.length; start += firehose.maxBatchRecords) {
    await up.put([records.slice(start, start + firehose.maxBatchRecords)]);
  }
  expect(await up.stop()).toBe(0);
}

async function invokeWithFile(data: string, event: object): Promise<ReplayAnswer> {
  const file = join(await tempFolder(), 'event.json');
  await writeFile(file, JSON.stringify(event));
  return invokeReplay(data, file);
}

/** Waits until what a replay notes of its objects, in this folder, will do. */
async function untilNoted(notes: string, willDo: (objects: readonly ReplayObject[]) => boolean): Promise<void> {
  const watcher = watch(notes);
  try {
    const changes = on(watcher, 'change');
    while (!willDo(await objectsIn(notes))) await changes.next();
  } finally {
    watcher.close();
  }
}

/** Records that a replay has noted as read. */
async function readIn(notes: string): Promise<number> {
  return sum(await objectsIn(notes), ({ read }) => read);
}

async function objectsIn(notes: string): Promise<readonly ReplayObject[]> {
  const part = await readFile(join(notes, 'objects-00000.json'), 'utf8').catch(() => '{"objects":[]}');
  return (JSON.parse(part) as ReplayPart).objects;
}

/** Asks until the first row of the answer will do. */
async function untilAnswer(data: string, sql: string, willDo: (row: readonly unknown[]) => boolean): Promise<void> {
  const [row = []] = await query(data, sql);
  if (!willDo(row)) await untilAnswer(data, sql, willDo);
}

/** Turns all that has landed into Parquet, as if it had arrived two hours ago. */
async function compactLanded(data: string): Promise<void> {
  const up = await startUp(data);
  const { bucket: Bucket, firehose: endpoint } = up.ready;
  const s3 = s3Of(endpoint);
  const hour = arrivedHour(Date.now() - 2 * HOUR);
  const names = await readdir(join(data, 's3', Bucket, 'logs'), { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.json.gz'))) {
    const Key = `logs/${name}`;
    const moved = Key.replace(/arrived=[\d-]+/, `arrived=${hour}`);
    if (moved === Key) continue;
    await s3.send(new CopyObjectCommand({ Bucket, Key: moved, CopySource: `${Bucket}/${Key}` }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }
  s3.destroy();
  // The schedule runs once more before the end, and what it asks for is done.
  expect(await up.stop()).toBe(0);
}

/**
 * The rows of each type, apart from what another run has otherwise: when a line without a time arrived, and what a record is
 * called whose content doesn't name it.
 */
function comparable(data: string) {
  return rowsOf(data, (column) => {
    if (column === 'ts') return 'CASE WHEN service IS NULL THEN NULL ELSE ts END';
    return column === 'record' ? `CASE WHEN service = 'edge' OR service IS NULL THEN NULL ELSE record END` : column;
  });
}

/** The rows of each type with all their columns. */
function everything(data: string) {
  return rowsOf(data, (column) => column);
}

function rowsOf(data: string, expression: (column: string) => string): Promise<readonly string[][]> {
  return Promise.all(
    logTypes.map(async (type) => {
      const columns = Object.keys(storedTables[type]).map(expression).join(', ');
      const rows = await query(data, `SELECT ${columns} FROM ${type}`);
      return rows.map((row) => JSON.stringify(row)).sort();
    }),
  );
}

const parquet = logTypes.map((type) => `${type}_parquet`);

async function rowsIn(data: string, names: readonly string[]): Promise<number> {
  const all = names.map((name) => `SELECT record FROM ${name}`).join(' UNION ALL ');
  return Number((await query(data, `SELECT count(*) FROM (${all})`))[0]?.[0]);
}

async function alertsTold(data: string): Promise<number> {
  const inbox = await readFile(join(data, 'slack/messages.ndjson'), 'utf8').catch(() => '');
  return inbox.split('\n').filter((line) => line !== '').length;
}

/** All that a function has printed. */
async function printedBy(data: string, name: string): Promise<string> {
  const folder = join(data, 'lambda', name);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('');
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}

const HOUR = 3_600_000;
