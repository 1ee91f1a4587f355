import type { QueryExecution } from '@aws-sdk/client-athena';
import { explainedAccess } from '../../deployed/access.js';
import { isUnanswered } from '../../ship/refusals.js';
import { bytes } from '../../terminal/screen.js';
import type { Place, Progress } from './execution.js';

/** A query that Athena took and did not finish. */
export function athenaFailure(execution: QueryExecution | undefined, { state, scanned }: Progress): Error {
  const reason = execution?.Status?.StateChangeReason ?? '';
  if (/bytes scanned limit/i.test(reason)) {
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
export function explainedRefusal(error: unknown, { stage, workgroup }: Place): unknown {
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
