import { text } from 'node:stream/consumers';
import { startWebServer } from './webServer.js';

/** How the next query goes. */
export interface Script {
  /** What each look at it says, the last one again and again. */
  readonly looks: readonly { readonly state: string; readonly reason?: string; readonly scanned?: number }[];
  readonly columns?: readonly { readonly Name: string; readonly Type: string }[];
  /** Rows of each page as Athena gives them: texts and nulls, with the names in front of the first. */
  readonly pages?: readonly (readonly (string | null)[])[][];
  /** An error's name and message in place of an answer to StartQueryExecution. */
  readonly refusal?: readonly [string, string];
}

export interface FakeAthena {
  readonly url: string;
  /** Every request: its operation and what it asked. */
  readonly requests: { readonly operation: string; readonly body: Readonly<Record<string, unknown>> }[];
  stop(): Promise<void>;
}

/** Athena's JSON protocol on a free port of this machine: https://docs.aws.amazon.com/athena/latest/APIReference */
export async function startFakeAthena(script: Script): Promise<FakeAthena> {
  const requests: FakeAthena['requests'] = [];
  let looks = 0;
  const answer = (operation: string, body: Readonly<Record<string, unknown>>): unknown => {
    switch (operation) {
      case 'StartQueryExecution':
        return { QueryExecutionId: 'query-1' };
      case 'GetQueryExecution': {
        const { state, reason, scanned } = script.looks[Math.min(looks++, script.looks.length - 1)] ?? {
          state: 'QUEUED',
        };
        return {
          QueryExecution: {
            Status: { State: state, ...(reason === undefined ? {} : { StateChangeReason: reason }) },
            Statistics: { DataScannedInBytes: scanned ?? 0, TotalExecutionTimeInMillis: 1234 },
          },
        };
      }
      case 'GetQueryResults': {
        const page = Number(body.NextToken ?? 0);
        const pages = script.pages ?? [];
        const rows = (pages[page] ?? []).map((row) => ({
          Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
        }));
        return {
          ResultSet: { Rows: rows, ResultSetMetadata: { ColumnInfo: script.columns ?? [] } },
          ...(page + 1 < pages.length ? { NextToken: String(page + 1) } : {}),
        };
      }
      default:
        return {};
    }
  };
  const server = await startWebServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    requests.push({ operation, body });
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (operation === 'StartQueryExecution' && script.refusal) {
      const [type, message] = script.refusal;
      response.writeHead(400).end(JSON.stringify({ __type: type, message }));
      return;
    }
    response.end(JSON.stringify(answer(operation, body)));
  });
  return { url: server.url, requests, stop: () => server.stop() };
}
