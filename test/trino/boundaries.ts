import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTables } from '../../local/glue/tableFile.js';
import { openDatabase } from '../../local/query/database.js';
import { columnsOfView, sqlOf, viewText } from '../../shared/athena/views.js';
import { type LogType, logTypes } from '../../shared/line/schema/index.js';
import { askTrino, sendToTrino } from './client.js';
import { type Definitions, resent, writeCompacted } from './compacted.js';
import { askLaptop, difference } from './compare.js';
import { createTables, must } from './lake.js';
import { type Scan, scansIn } from './scans.js';

const schema = 'compacted';

/** What Trino counted with the boundary at a window. */
interface Count {
  readonly boundary: string;
  readonly rows: number;
  readonly lines: number;
  /** Different lines by day and hour of the event. */
  readonly hours: Readonly<Record<string, number>>;
}

/** What Trino read for a condition: the partitions, and how many rows of them. */
interface Reading {
  readonly condition: string;
  readonly parquet: Scan;
  readonly other: Scan;
  readonly landed: Scan;
}

export interface BoundaryResults {
  readonly counts: readonly Count[];
  /** The window at which the boundary was for all of the readings. */
  readonly middle: string;
  readonly readings: readonly Reading[];
  /** Rows that queries counted which ran while the boundary moved on by a window, and that the next query counted. */
  readonly moves: readonly { readonly meanwhile: number; readonly afterwards: number }[];
}

/**
 * A bucket that compaction is through with, asked with each definition that its views had, by Trino and by the laptop.
 *
 * @param lake the folder that is the root of Trino's file system
 * @throws when they differ, when a line is missing or there once more than it landed, when more is read than has to be, or
 * when a query that runs notices that its view moves
 */
export async function checkBoundaries(url: string, lake: string): Promise<BoundaryResults> {
  const data = join(lake, schema);
  const definitions = await writeCompacted(join(data, 's3/bucket'), schema);
  await createTables(url, schema, lake, `${schema}/s3/bucket`);
  const show = async (at: number) => {
    for (const type of logTypes) await showView(lake, type, definitionAt(definitions, type, at));
  };
  const counts: Count[] = [];
  for (const at of definitions.access.keys()) {
    await show(at);
    counts.push(await countAt(url, data, definitions, at));
  }
  const middle = definitions.access.findIndex((definition) => boundaryIn(definition) === resent.again);
  await show(middle);
  const readings = [];
  for (const condition of [`dt = '2026-11-22'`, `dt = '2026-11-22' AND hour = '22'`]) {
    readings.push(await readingOf(url, condition));
  }
  const next = sqlOf(definitionAt(definitions, 'access', middle + 1));
  const moves = [await countMeanwhile(url, () => show(middle + 1))];
  await show(middle);
  moves.push(await countMeanwhile(url, () => must(url, `CREATE OR REPLACE VIEW access AS ${next}`, schema)));
  const results = { counts, middle: resent.again, readings, moves };
  hold(results);
  return results;
}

/** @throws unless they are what docs/storage.md promises */
function hold({ counts, middle, readings, moves }: BoundaryResults): void {
  const [first] = counts;
  const at = counts.findIndex(({ boundary }) => boundary === middle);
  const rowsAt = (index: number) => counts[index]?.rows;
  const problems = [
    ...counts
      .filter(({ lines, hours }) => lines !== first?.lines || JSON.stringify(hours) !== JSON.stringify(first.hours))
      .map((each) => `other lines than before: ${JSON.stringify(each)}`),
    ...counts
      .filter(({ boundary, rows, lines }) => rows !== lines + (boundary <= resent.again ? resent.lines : 0))
      .map((each) => `lines that are there too often: ${JSON.stringify(each)}`),
    ...readings
      .filter(
        ({ parquet, landed }) =>
          `${parquet.partitions}` !== '2026-11-22' || landed.partitions.some((hour) => hour < middle),
      )
      .map((each) => `more is read than has to be: ${JSON.stringify(each)}`),
    ...(Number(readings[1]?.parquet.rows) < Number(readings[0]?.parquet.rows) ? [] : ['an hour takes reading the day']),
    ...moves
      .filter(({ meanwhile, afterwards }) => meanwhile !== rowsAt(at) || afterwards !== rowsAt(at + 1))
      .map((each) => `a view that moves while a query runs: ${JSON.stringify(each)}`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** A view that began later, since nothing had landed, stays where it is at last. */
function definitionAt(definitions: Definitions, type: LogType, at: number): string {
  return definitions[type][at] ?? definitions[type].at(-1) ?? '';
}

function boundaryIn(definition: string): string {
  return /arrived >= '([\d-]+)'/.exec(sqlOf(definition))?.[1] ?? '';
}

/** Puts a definition into Trino's metastore as functions/compact puts it into Glue. */
async function showView(lake: string, type: LogType, definition: string): Promise<void> {
  const folder = join(lake, 'metastore', schema, type);
  const table = {
    writerVersion: '476',
    owner: 'firesplit',
    tableType: 'VIRTUAL_VIEW',
    dataColumns: Object.entries(columnsOfView(type)).map(([name, { type }]) => ({ name, type, properties: {} })),
    partitionColumns: [],
    parameters: { presto_view: 'true', comment: 'Presto View' },
    originalStorageFormat: {},
    serdeParameters: {},
    viewOriginalText: viewText(definition),
    viewExpandedText: '/* Presto View */',
    columnStatistics: {},
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '.new'), JSON.stringify(table));
  await rename(join(folder, '.new'), join(folder, '.trinoSchema'));
}

const questions = {
  total: 'SELECT count(*), count(DISTINCT (record, line)) FROM access',
  hours: 'SELECT dt, hour, count(*), count(DISTINCT (record, line)) FROM access GROUP BY dt, hour',
  ofNeither: `SELECT dt, min(ts), max(ts), min(arrived), max(arrived), count(*) FROM access WHERE dt < '2026-11-20' GROUP BY dt`,
  errors: 'SELECT * FROM error',
  empty: 'SELECT count(*) FROM app',
};

/** @throws when Trino and the laptop differ */
async function countAt(url: string, data: string, definitions: Definitions, at: number): Promise<Count> {
  const tables = logTypes.map((type) => {
    const input = { ViewOriginalText: viewText(definitionAt(definitions, type, at)) };
    return [`${schema}.${type}`, { input, version: 1 }];
  });
  await writeTables(data, Object.fromEntries(tables));
  const laptop = await openDatabase(data);
  const boundary = boundaryIn(definitionAt(definitions, 'access', at));
  try {
    for (const sql of Object.values(questions)) {
      const answer = await askTrino(url, sql, schema);
      const problem = 'refused' in answer ? answer.refused : difference(answer, await askLaptop(laptop, sql), true);
      if (problem !== undefined) throw new Error(`with the boundary at ${boundary}: ${sql}:\n${problem}`);
    }
  } finally {
    laptop.close();
  }
  const [[rows, lines] = []] = await must(url, questions.total, schema);
  const hours = await must(url, questions.hours, schema);
  const byHour = hours.map(([dt, hour, , lines]) => [`${dt} ${hour}`, Number(lines)] as const).sort();
  return { boundary, rows: Number(rows), lines: Number(lines), hours: Object.fromEntries(byHour) };
}

async function readingOf(url: string, condition: string): Promise<Reading> {
  const sql = `EXPLAIN ANALYZE SELECT count(*), sum(bytes) FROM access WHERE ${condition}`;
  const [[plan] = []] = await must(url, sql, schema);
  const scans = scansIn(String(plan));
  const of = (table: string) => scans.get(table) ?? { partitions: [], rows: 0 };
  return { condition, parquet: of('access_parquet'), other: of('access_parquet_other'), landed: of('access_landed') };
}

/** Counts a view's rows while it is changed, and afterwards. */
async function countMeanwhile(url: string, change: () => Promise<unknown>): Promise<BoundaryResults['moves'][number]> {
  const copies = 50_000;
  const many = `SELECT count(*) FROM access CROSS JOIN UNNEST(sequence(1, 10000)) CROSS JOIN UNNEST(sequence(1, ${copies / 10_000}))`;
  const query = await sendToTrino(url, many, schema);
  while (!(await query.isRunning()));
  await change();
  if (!(await query.isRunning()))
    throw new Error('a query was at its end before its view changed: give it more copies');
  const answer = await query.answer();
  if ('refused' in answer) throw new Error(answer.refused);
  const [[afterwards] = []] = await must(url, questions.total, schema);
  return { meanwhile: Number(answer.rows[0]?.[0]) / copies, afterwards: Number(afterwards) };
}
