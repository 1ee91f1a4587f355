import type { AthenaClient } from '@aws-sdk/client-athena';
import { type Progress, QueryFailure, runQuery } from '../../../functions/adapters/athena.js';
import type { Answer } from '../answer.js';
import { athenaFailure, explainedRefusal, type StagePlace } from './refusals.js';

/**
 * Runs a query in Athena for people: what goes wrong is told with what to do about it.
 *
 * @param signal stops the query in Athena, too
 * @throws Error that says what to do
 */
export async function askAthena(
  client: AthenaClient,
  sql: string,
  place: StagePlace,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<{ readonly answer: Answer; readonly progress: Progress }> {
  try {
    return await runQuery(client, sql, place, tell, signal);
  } catch (error) {
    throw explainedRefusal(error instanceof QueryFailure ? athenaFailure(error) : error, place);
  }
}
