import type { PrefixKeys } from '../dates/prefix.js';
import type { SourceRecord } from '../stream/entry.js';
import { type LambdaProcessor, lambdaOf, type StreamConfig } from '../stream/streamConfig.js';
import { extractMetadata } from './processors/metadataExtraction.js';
import { prepare } from './processors/preparation.js';
import { fitsInvocation, type Part, sum, type Transformation, transformBatch, weightOf } from './transformation.js';
import type { RecordVerdict } from './transformResponse.js';

/** What processing made of one part of a source record. */
export interface Outcome {
  readonly part: Part;
  readonly verdict: RecordVerdict;
  /** From the MetadataExtraction processor. */
  readonly queryKeys: PrefixKeys;
  readonly attempts: number;
  /** When the last attempt ended, ms since the epoch. */
  readonly endedAt: number;
}

interface Processed {
  /** Of every record's parts, in order. A record whose parts are none was dropped. */
  readonly outcomes: readonly Outcome[];
  /** The ids of all invocations, failed ones as well. */
  readonly invocations: readonly string[];
}

/**
 * Takes source records through the stream's processors, in the order in which Firehose applies them.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export async function processRecords(
  records: readonly SourceRecord[],
  config: StreamConfig,
  transformation: Transformation,
): Promise<Processed> {
  const { clock } = transformation;
  const once = { queryKeys: {}, attempts: 1 };
  const failures: Outcome[] = [];
  const parts: Part[] = [];
  for (const source of records) {
    const prepared = prepare(source.data, config.processors);
    if (prepared.kind === 'ready') parts.push(...prepared.records.map((data, index) => ({ source, index, data })));
    else {
      const part = { source, index: 0, data: source.data };
      failures.push({ part, verdict: { result: 'failed', ...prepared.failure }, ...once, endedAt: clock.now() });
    }
  }

  const processor = lambdaOf(config);
  const outcomes: Outcome[] = [];
  const invocations: string[] = [];
  for (const group of processor ? invocationGroups(parts, processor) : [parts]) {
    const transformed = processor ? await transformBatch(group, processor, transformation) : keptAsTheyAre(group);
    invocations.push(...transformed.invocations);
    const { attempts, verdicts } = transformed;
    const endedAt = clock.now();
    for (const [index, part] of group.entries()) {
      const verdict = verdicts[index];
      if (verdict) outcomes.push({ part, verdict, queryKeys: {}, attempts, endedAt });
    }
  }
  return { outcomes: [...failures, ...(await withQueryKeys(outcomes, config))], invocations };
}

/** One group, unless a record was prepared into more than an invocation takes. */
function* invocationGroups(parts: readonly Part[], processor: LambdaProcessor): Generator<readonly Part[]> {
  let group: Part[] = [];
  let weight = weightOf(Buffer.alloc(0));
  for (const part of parts) {
    const [own, all] = [weightOf(part.data), sum(weight, weightOf(part.data))];
    if (group.length > 0 && !fitsInvocation(all, processor)) {
      yield group;
      group = [];
      weight = own;
    } else weight = all;
    group.push(part);
  }
  if (group.length > 0) yield group;
}

function keptAsTheyAre(parts: readonly Part[]) {
  const verdicts = parts.map(({ data }): RecordVerdict => ({ result: 'Ok', data, partitionKeys: {} }));
  return { verdicts, attempts: 1, invocations: [] };
}

async function withQueryKeys(outcomes: readonly Outcome[], config: StreamConfig): Promise<readonly Outcome[]> {
  const metadata = config.processors.find((each) => each.kind === 'metadata');
  if (!metadata) return outcomes;
  const kept = outcomes.flatMap(({ verdict }) => (verdict.result === 'Ok' ? verdict.data : []));
  const extracted = (await extractMetadata(kept, metadata.query))[Symbol.iterator]();
  return outcomes.map((outcome) => {
    if (outcome.verdict.result !== 'Ok') return outcome;
    const answer = extracted.next().value;
    if (answer?.kind === 'keys') return { ...outcome, queryKeys: answer.keys };
    return answer === undefined ? outcome : { ...outcome, verdict: { result: 'failed', ...answer.failure } };
  });
}
