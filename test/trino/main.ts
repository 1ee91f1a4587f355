import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../local/query/database.js';
import { viewSql } from '../../shared/athena/views.js';
import { logTypes } from '../../shared/line/schema/index.js';
import { writeAnswers } from './answers.js';
import { checkBoundaries } from './boundaries.js';
import { allCases } from './cases.js';
import { askTrino, type TrinoAnswer, untilItReads } from './client.js';
import { askLaptop, difference } from './compare.js';
import { createTables, fillDataFolder, must } from './lake.js';
import { writeReport } from './report.js';
import { startTrino } from './server.js';

/**
 * `npm run test:trino`: the queries of the docs, of alerts and of the dialect on Trino, which Athena is made of, and on the
 * laptop's DuckDB, over the same lines. Both have to give the same rows, or both to refuse. Then both are asked about a bucket
 * that is Parquet, at each boundary that its views had. It needs Maven, 1.5 GB in the
 * user's cache and a JDK of 24 or newer in JAVA_HOME, so it is no part of `.ci/run`; what Trino answered is kept in
 * test/fixtures/trino, which tests hold the laptop to.
 */
const folder = await mkdtemp(join(tmpdir(), 'firesplit-trino-'));
const trino = await startTrino(folder);
try {
  const lake = join(folder, 'lake');
  const data = join(lake, 'data');
  await fillDataFolder(data);
  await createTables(trino.url, 'firesplit', lake, 'data/s3/logs-bucket');
  for (const type of logTypes) await must(trino.url, `CREATE VIEW ${type} AS ${viewSql(type)}`);
  await untilItReads(trino.url, 'access');
  const database = await openDatabase(data);
  const cases = await allCases();
  const answers: Record<string, TrinoAnswer> = {};
  let failures = 0;
  for (const each of cases) {
    const answer = await askTrino(trino.url, each.sql);
    answers[each.sql] = answer;
    const problem = difference(answer, await askLaptop(database, each.sql), each.anyOrder);
    if ((problem === undefined) !== (each.differs === undefined)) {
      failures++;
      console.log(`\n${each.about}: ${each.sql}\n${problem ?? `  alike, though it says: ${each.differs}`}`);
    }
  }
  database.close();
  await writeAnswers(answers);
  await writeReport(await checkBoundaries(trino.url, lake));
  console.log(`\n${cases.length - failures} of ${cases.length} as expected`);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  await trino.stop();
  await rm(folder, { recursive: true, force: true });
}
