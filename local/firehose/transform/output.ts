import { firehose } from '../../../shared/limits.js';
import { isObjectKey } from '../../s3/store/objectKey.js';
import { evaluatePrefix } from '../dates/prefix.js';
import { errorLine } from '../delivery/errorLine.js';
import type { Output } from '../stream/entry.js';
import { lambdaOf, type StreamConfig } from '../stream/streamConfig.js';
import type { Outcome } from './processing.js';
import type { Failure } from './processors/failure.js';

export interface Processed {
  readonly output: Output;
  /** Set when the output is for the error prefix. */
  readonly failure?: Failure;
}

interface Placing {
  readonly sequence: number;
  readonly config: StreamConfig;
  /** The active partitions; a new one is added to them. */
  readonly openPrefixes: Set<string>;
}

/** Where a record goes after processing; undefined when it was dropped. */
export function outputOf(outcome: Outcome, placing: Placing): Processed | undefined {
  const { part, verdict } = outcome;
  const { sequence, config } = placing;
  const { arrival } = part.source;
  if (verdict.result === 'Dropped') return undefined;
  if (verdict.result === 'failed') return failed(verdict, outcome, placing);
  const partition = config.prefix.partitionFor({ lambda: verdict.partitionKeys, query: outcome.queryKeys });
  const problem = partition.found ? unusable(partition.prefix, arrival, config.timeZone) : partition.reason;
  if (!partition.found || problem !== undefined) {
    const code = 'DynamicPartitioning.MetadataExtractionFailed';
    return failed({ errorType: 'metadata-extraction-failed', code, message: String(problem) }, outcome, placing);
  }
  if (!opened(partition.prefix, placing)) return failed(tooManyPartitions, outcome, placing);
  return { output: { kind: 'lines', sequence, arrival, prefix: partition.prefix, data: verdict.data } };
}

/** S3 would refuse every object under such a prefix, and the delivery would be tried for ever. */
function unusable(prefix: string, at: number, timeZone: string): string | undefined {
  const evaluated = evaluatePrefix(prefix, at, timeZone);
  if (isObjectKey(evaluated + longestName)) return undefined;
  return `with the prefix ${JSON.stringify(evaluated)} the key has more bytes than S3 takes`;
}

/** As long as Firehose's own part of a key can be: the stream's name, the version, the time, a UUID and an extension. */
const longestName = '-'.repeat(280);

function opened(prefix: string, { config, openPrefixes }: Placing): boolean {
  const refused =
    config.partitioning !== undefined && !openPrefixes.has(prefix) && openPrefixes.size >= firehose.maxActivePartitions;
  if (!refused) openPrefixes.add(prefix);
  return !refused;
}

const tooManyPartitions: Failure = {
  errorType: 'activePartitionExceeded',
  code: 'DynamicPartitioning.ActivePartitionExceeded',
  message: `The stream already has ${firehose.maxActivePartitions} active partitions: use keys with fewer values, or buffer for a shorter time.`,
};

function failed(failure: Failure, { part, attempts, endedAt }: Outcome, { sequence, config }: Placing): Processed {
  const { arrival, data: original } = part.source;
  // A record in its original, compressed form (docs: decomp-faq), but of an aggregated one only what failed.
  const deaggregated = config.processors.some(({ kind }) => kind === 'deaggregation');
  const data = deaggregated ? part.data : original;
  const line = errorLine({ failure, attempts, arrival, endedAt, data, lambdaArn: lambdaOf(config)?.arn });
  const prefix = config.errorPrefix.errorPrefix(failure.errorType);
  return { failure, output: { kind: 'failure', sequence, arrival, prefix, data: line } };
}
