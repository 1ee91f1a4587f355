import { AthenaClient } from '@aws-sdk/client-athena';
import { type LineGroup, lineGroups } from '../../shared/cost/lineCosts.js';
import { runQuery } from '../adapters/athena.js';
import { required } from '../adapters/environment.js';
import { sqsSignals } from '../adapters/sqsSignals.js';

/** `SIGNALS_QUEUE_URL`: what the alert function reads. */
export const queue = sqsSignals(required('SIGNALS_QUEUE_URL'));

/** `QUERY_WORKGROUP` and `LOGS_DATABASE`: where queries run. */
const place = { workgroup: required('QUERY_WORKGROUP'), database: required('LOGS_DATABASE') };

const client = new AthenaClient({});

/** Asks Athena about groups of lines, and logs what that took. */
export async function runSql(sql: string, signal: AbortSignal): Promise<LineGroup[]> {
  const { answer, progress } = await runQuery(client, sql, place, () => undefined, signal);
  console.info(JSON.stringify({ level: 'info', message: 'lines were counted', ...progress }));
  const rows: (readonly unknown[])[] = [];
  for await (const page of answer.rows) rows.push(...page);
  return lineGroups(answer.columns, rows);
}
