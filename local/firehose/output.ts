import { isObjectKey } from '../aws/objectFolder.js';
import type { Output, SourceRecord } from './entry.js';
import { evaluatePrefix } from './prefix.js';
import type { StreamConfig } from './streamConfig.js';
import type { RecordVerdict } from './transformResponse.js';

/** Why a record goes to the error output. */
export interface Failure {
  readonly errorType: 'processing-failed' | 'metadata-extraction-failed';
  readonly code: string;
  readonly message: string;
}

export interface Processed {
  readonly output: Output;
  /** Set when the output is for the error prefix. */
  readonly failure?: Failure;
}

interface Processing {
  readonly source: SourceRecord;
  readonly sequence: number;
  readonly config: StreamConfig;
  readonly attempts: number;
  /** When the last attempt ended, ms since the epoch. */
  readonly endedAt: number;
}

/** Where a record goes after the transform's verdict; undefined when it was dropped. */
export function outputOf(verdict: RecordVerdict, processing: Processing): Processed | undefined {
  const { source, sequence, config } = processing;
  if (verdict.result === 'Dropped') return undefined;
  if (verdict.result === 'failed') {
    return failed({ errorType: 'processing-failed', code: verdict.code, message: verdict.message }, processing);
  }
  const partition = config.prefix.partitionFor(verdict.partitionKeys);
  const problem = partition.found ? unusable(partition.prefix, source.arrival) : partition.reason;
  if (!partition.found || problem !== undefined) {
    const code = 'DynamicPartitioning.MetadataExtractionFailed';
    return failed({ errorType: 'metadata-extraction-failed', code, message: String(problem) }, processing);
  }
  const { arrival } = source;
  return { output: { kind: 'lines', sequence, arrival, prefix: partition.prefix, data: verdict.data } };
}

/** S3 takes keys that can't be files; an evaluated prefix of that kind would never be delivered here. */
function unusable(prefix: string, at: number): string | undefined {
  const evaluated = evaluatePrefix(prefix, at);
  return isObjectKey(`${evaluated}object`) ? undefined : `the prefix ${JSON.stringify(evaluated)} is no path`;
}

/** One line of the error output, with the fields in the order of AWS's documentation. */
function failed(failure: Failure, { source, sequence, config, attempts, endedAt }: Processing): Processed {
  const line = JSON.stringify({
    attemptsMade: attempts,
    arrivalTimestamp: source.arrival,
    errorCode: failure.code,
    errorMessage: failure.message,
    attemptEndingTimestamp: endedAt,
    rawData: source.data.toString('base64'),
    lambdaArn: config.lambda.arn,
  });
  const prefix = config.errorPrefix.errorPrefix(failure.errorType);
  const { arrival } = source;
  return { failure, output: { kind: 'failure', sequence, arrival, prefix, data: Buffer.from(`${line}\n`) } };
}
