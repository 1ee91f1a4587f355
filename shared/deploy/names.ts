import { s3 } from '../limits.js';

/** Where a deployment goes. */
export interface DeployedAt {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
}

/** The bucket of the logs, as infra/resources/storage.yml names it when the parameter `bucket` does not. */
export function bucketOf({ stage, account, region }: DeployedAt): string {
  return `firesplit-${stage}-logs-${account}-${region}`;
}

/** Longer than the name of any region, so that one that is new fits as well. */
const longestRegion = 'ap-southeast-99';

/**
 * The longest stage: of all names that have it in them the bucket's has the least room. Lambda's 64 characters of
 * `firesplit-<stage>-replayWorker` have more.
 */
export const maxStageLength =
  s3.maxBucketName - bucketOf({ stage: '', account: '123456789012', region: longestRegion }).length;

/** Why a stage can't be deployed; undefined when it can. */
export function stageMistake(stage: string): string | undefined {
  if (/^[a-z][a-z0-9]*$/.test(stage) && stage.length <= maxStageLength) return undefined;
  const advice = `write it as a letter and then letters and digits, all lower-case, at most ${maxStageLength}`;
  const nearest = stage
    .toLowerCase()
    .replace(/[^a-z0-9]|^[^a-z]+/g, '')
    .slice(0, maxStageLength);
  const example = nearest === '' ? '' : `, such as ${nearest}`;
  return `stage ${JSON.stringify(stage)} has no place in the names of a bucket and of a database that Athena takes without quotes; ${advice}${example}`;
}
