import { join } from 'node:path';
import { s3CompactionStore } from '../../../functions/adapters/s3CompactionStore.js';
import { writeTables } from '../../../local/glue/tableFile.js';
import { openDatabase } from '../../../local/query/database.js';
import { viewText } from '../../../shared/athena/views.js';
import type { CompactionStore } from '../../../shared/compact/ports.js';
import { deployedBucket, openS3 } from '../../helpers/s3Endpoint.js';
import { query, withData } from '../../helpers/up.js';
import type { Transform } from '../invocation.js';
import { chunksOf, landedBytesRead, parquetBytesRead } from './bytesRead.js';
import { dayStart, HOUR, type Landed, land } from './land.js';
import { type Question, questionsOf, sqlOf } from './questions.js';
import { type DeployedWorker, type Effort, effortOf, type WorkerSample } from './worker.js';

/** Access lines of a day, compacted and asked. */
export interface StorageResult {
  readonly landed: Landed;
  /** Once the windows of an hour are Parquet. */
  readonly parquet: Stored;
  readonly indexes: Stored;
  /** Compacted in windows of an hour, and of the whole day, which make the largest manifests. */
  readonly hourly: WorkerSample;
  readonly daily: WorkerSample;
  readonly questions: readonly Asked[];
}

interface Stored {
  readonly objects: number;
  readonly bytes: number;
}

interface Asked {
  readonly name: string;
  readonly before: Answer;
  readonly after: Answer;
}

/** What a question took in the laptop's DuckDB, and bytes that Athena would have read. */
interface Answer extends Effort {
  readonly readBytes: number;
}

/** @param turns how often each question is asked, of which the least counts */
export async function measureDay(
  lines: number,
  turns: number,
  worker: DeployedWorker,
  transform: Transform,
  gzipLevel: number,
): Promise<StorageResult> {
  return withData(async (data) => {
    const s3 = await openS3(data);
    try {
      const store = s3CompactionStore(deployedBucket, s3.client);
      const landed = await land({ client: s3.client, bucket: deployedBucket }, lines, transform, gzipLevel);
      const run = (window: 'hour' | 'day') => worker.run(s3.url, deployedBucket, window, { now: dayStart + 26 * HOUR });

      const daily = await run('day');
      for (const made of ['parquet/', 'compact/']) await store.remove((await listed(store, made)).keys);
      const bucket = join(data, 's3', deployedBucket);
      const questions = await askable(data);
      const before = await ask(data, questions, turns, (question) => landedBytesRead(bucket, question));

      const hourly = await run('hour');
      await writeTables(data, { 'bench.access': { input: { ViewOriginalText: viewText(hourly.view) }, version: 1 } });
      const [[rows] = []] = await query(data, 'SELECT count(*) FROM access');
      if (Number(rows) !== landed.lines) throw new Error(`${rows} of ${landed.lines} rows are there`);
      const chunks = await chunksOf(bucket);
      const after = await ask(data, questions, turns, (question) => parquetBytesRead(chunks, question));
      return {
        landed,
        parquet: await listed(store, 'parquet/'),
        indexes: await listed(store, 'compact/index/'),
        hourly,
        daily,
        questions: questions.map(({ name }, at) => ({
          name,
          before: before[at] as Answer,
          after: after[at] as Answer,
        })),
      };
    } finally {
      await s3.close();
    }
  });
}

async function listed(store: CompactionStore, prefix: string): Promise<Stored & { readonly keys: readonly string[] }> {
  const found = { objects: 0, bytes: 0, keys: [] as string[] };
  for await (const { key, size } of store.list(prefix)) {
    found.objects++;
    found.bytes += size;
    found.keys.push(key);
  }
  return found;
}

async function askable(data: string): Promise<readonly Question[]> {
  const database = await openDatabase(data);
  return questionsOf(database).finally(() => database.close());
}

async function ask(
  data: string,
  questions: readonly Question[],
  turns: number,
  bytesRead: (question: Question) => Promise<number> | number,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const question of questions) {
    const efforts: Effort[] = [];
    for (let turn = 0; turn < turns; turn++) {
      // Afresh, so that nothing is remembered of the files.
      const database = await openDatabase(data);
      const [{ rows }, effort] = await effortOf(() => database.query(sqlOf(question)));
      database.close();
      if (rows.length === 0) throw new Error(`nothing answers ${sqlOf(question)}`);
      efforts.push(effort);
    }
    const least = (of: (effort: Effort) => number) => Math.min(...efforts.map(of));
    answers.push({
      cpuMs: least(({ cpuMs }) => cpuMs),
      elapsedMs: least(({ elapsedMs }) => elapsedMs),
      readBytes: await bytesRead(question),
    });
  }
  return answers;
}
