import type { QueryFailure, QueryPlace } from '../../../functions/adapters/athena.js';
import { explainedAccess } from '../../deployed/access.js';
import { isUnanswered } from '../../ship/refusals.js';
import { bytes } from '../../terminal/screen.js';

/** Where a query runs, and the stage that it is of. */
export interface StagePlace extends QueryPlace {
  readonly stage: string;
}

/** A query that Athena took and did not finish. */
export function athenaFailure(failure: QueryFailure): Error {
  const { message: reason, progress, isTooLarge } = failure;
  const { state, scanned } = progress;
  if (isTooLarge) {
    return new Error(
      `Athena stopped the query after ${bytes(scanned)}, the limit of the workgroup: narrow it by dt and hour, or raise BytesScannedCutoffPerQuery in infra/resources/athena.yml.`,
    );
  }
  if (/access denied/i.test(reason)) {
    return new Error(
      `Athena may not read the lines or write the answer for you: ${reason}. It takes s3:GetObject and s3:ListBucket on the bucket of logs, s3:PutObject under athena/ there, and glue:GetTable, GetPartitions and GetDatabase.`,
    );
  }
  if (state === 'CANCELLED') return new Error(`The query was stopped in Athena${reason ? `: ${reason}` : ''}.`);
  return new Error(reason === '' ? 'Athena failed the query without a reason; run it again.' : `Athena: ${reason}`);
}

/** What Athena refused before any query ran, with what to do about it. */
export function explainedRefusal(error: unknown, { stage, workgroup }: StagePlace): unknown {
  if (!(error instanceof Error)) return error;
  const because = { cause: error };
  if (/workgroup.* not found/i.test(error.message)) {
    const remedy = `deploy stage ${stage} first, name another with --stage or --workgroup, or set AWS_REGION to its region`;
    return new Error(`There is no workgroup ${workgroup} in this region: ${remedy}.`, because);
  }
  if (isUnanswered(error)) {
    return new Error(`Athena does not answer: ${error.message}. Look at AWS_REGION and the network.`, because);
  }
  const permissions = 'athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution';
  const asked = { what: `workgroup ${workgroup}`, permissions };
  return explainedAccess(error, { aws: true, stage, endpoint: 'Athena', data: '' }, asked);
}
