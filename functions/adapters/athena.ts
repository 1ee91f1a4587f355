import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsOutput,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';

/** Where a query runs. */
export interface QueryPlace {
  readonly workgroup: string;
  readonly database: string;
}

/** How far a query is. */
export interface Progress {
  readonly state: string;
  /** So far; bytes. */
  readonly scanned: number;
  /** Since it was sent; ms. */
  readonly took: number;
}

type Row = readonly unknown[];

interface QueryAnswer {
  readonly columns: readonly string[];
  /** Each in the order of the columns, some at a time. Can be read once. */
  readonly rows: AsyncIterable<readonly Row[]>;
}

/** A query that Athena took and did not finish: its message is Athena's reason, which may be empty. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';

  constructor(
    reason: string,
    readonly progress: Progress,
  ) {
    super(reason);
  }

  /** Whether it would have read more than the workgroup lets a query read. */
  get isTooLarge(): boolean {
    return /bytes scanned limit/i.test(this.message);
  }
}

/** How long to wait before each look at a query; ms. The first ones are for small tables. */
const looks = [150, 250, 400, 700, 1000];

/**
 * Runs a query in Athena and waits until its answer can be read. What it costs is paid by then, whatever is read of it.
 *
 * @param signal stops the query in Athena, too
 * @throws QueryFailure, or what the client throws when Athena does not take the query
 */
export async function runQuery(
  client: AthenaClient,
  sql: string,
  place: QueryPlace,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<{ readonly answer: QueryAnswer; readonly progress: Progress }> {
  const id = await start(client, sql, place);
  const progress = await finished(client, id, tell, signal);
  return { answer: await answerOf(client, id), progress };
}

async function start(client: AthenaClient, sql: string, { workgroup, database }: QueryPlace): Promise<string> {
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      // A request that the client repeats starts no second query.
      ClientRequestToken: randomUUID(),
    }),
  );
  if (QueryExecutionId === undefined) throw new Error('Athena gave the query no id');
  return QueryExecutionId;
}

async function finished(
  client: AthenaClient,
  id: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Progress> {
  for (let look = 0; ; look++) {
    if (signal.aborted) {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      signal.throwIfAborted();
    }
    const { QueryExecution: execution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const progress = progressOf(execution);
    tell(progress);
    if (progress.state === 'SUCCEEDED') return progress;
    if (progress.state === 'FAILED' || progress.state === 'CANCELLED')
      throw new QueryFailure(execution?.Status?.StateChangeReason ?? '', progress);
    // Stopping is done above.
    await delay(looks[look] ?? looks.at(-1), undefined, { signal }).catch(() => undefined);
  }
}

function progressOf(execution: QueryExecution | undefined): Progress {
  return {
    state: execution?.Status?.State ?? 'QUEUED',
    scanned: execution?.Statistics?.DataScannedInBytes ?? 0,
    took: execution?.Statistics?.TotalExecutionTimeInMillis ?? execution?.Statistics?.EngineExecutionTimeInMillis ?? 0,
  };
}

/** A thousand rows a page, the next one asked for when the last was read. */
async function answerOf(client: AthenaClient, id: string): Promise<QueryAnswer> {
  const page = (next?: string) =>
    client.send(
      new GetQueryResultsCommand({ QueryExecutionId: id, ...(next === undefined ? {} : { NextToken: next }) }),
    );
  const first = await page();
  const infos = first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  const names = infos.map(({ Name }) => Name ?? '');
  const types = infos.map(({ Type }) => Type ?? '');
  async function* rows(): AsyncGenerator<readonly Row[]> {
    let [current, rowsOfPage] = [first, rowsIn(first, types)];
    // Athena puts the names of a SELECT's columns in front; other statements answer without.
    if (isHead(rowsOfPage[0], names)) rowsOfPage = rowsOfPage.slice(1);
    for (;;) {
      yield rowsOfPage;
      if (current.NextToken === undefined) return;
      current = await page(current.NextToken);
      rowsOfPage = rowsIn(current, types);
    }
  }
  return { columns: names, rows: rows() };
}

function rowsIn({ ResultSet }: GetQueryResultsOutput, types: readonly string[]): Row[] {
  return (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
    types.map((type, at) => plainValue(Data[at]?.VarCharValue, type)),
  );
}

function isHead(row: Row | undefined, names: readonly string[]): boolean {
  return row !== undefined && names.every((name, at) => row[at] === name);
}

/** Athena gives text; numbers that a number holds exactly are numbers again, as they are on the laptop. */
function plainValue(text: string | undefined, type: string): unknown {
  if (text === undefined) return null;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (!/^(tinyint|smallint|integer|bigint|float|real|double|decimal)/.test(type)) return text;
  const number = Number(text);
  return Number.isNaN(number) || (Number.isInteger(number) && !Number.isSafeInteger(number)) ? text : number;
}
