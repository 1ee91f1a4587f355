import { randomUUID } from 'node:crypto';
import type { InvocationResult, Invoke } from '../lambda/invocation.js';
import { type Clock, pause } from './clock.js';
import type { SourceRecord } from './entry.js';
import type { StreamConfig } from './streamConfig.js';
import { type RecordVerdict, readTransformResponse } from './transformResponse.js';

/** Before the first retry; doubled for each further one. AWS waits longer, but a developer is waiting here. */
const firstBackoff = 100;

/** What Lambda adds to each record in the event, beside its data: the other fields' JSON and a comma. */
const recordEnvelopeBytes = 150;

export interface Transformed {
  /** One verdict for each record, in order. */
  readonly verdicts: readonly RecordVerdict[];
  readonly attempts: number;
  /** The ids of all attempts: whatever they put back on the stream stands, even that of a failed one. */
  readonly invocations: readonly string[];
}

interface Transformation {
  readonly config: StreamConfig;
  readonly region: string;
  readonly clock: Clock;
  readonly invoke: Invoke;
  /** Called with the invocation's id before each attempt. */
  readonly starting?: (invocation: string) => void;
}

/** Sends a batch through the transform, again while it fails and retries are left; never throws for what it does. */
export async function transformBatch(
  records: readonly SourceRecord[],
  { config, region, clock, invoke, starting }: Transformation,
): Promise<Transformed> {
  const ids = records.map(recordId);
  const invocations: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const invocationId = randomUUID();
    invocations.push(invocationId);
    starting?.(invocationId);
    const result = await invoke(
      JSON.stringify({
        invocationId,
        deliveryStreamArn: config.arn,
        region,
        records: records.map((record, index) => ({
          recordId: ids[index],
          approximateArrivalTimestamp: record.arrival,
          data: record.data.toString('base64'),
        })),
      }),
      records.length,
    );
    // An answer, however malformed, is not asked for again.
    if (result.outcome === 'returned') {
      return { verdicts: readTransformResponse(result.payload, ids), attempts: attempt, invocations };
    }
    if (attempt > config.lambda.retries) {
      const verdict = failureOf(result);
      return { verdicts: records.map(() => verdict), attempts: attempt, invocations };
    }
    await pause(clock, firstBackoff * 2 ** (attempt - 1));
  }
}

/**
 * The id that the transform sees: opaque digits, the same on every attempt and after a restart, and never given to
 * another record, even in another data folder.
 */
function recordId({ arrival, sequence }: SourceRecord): string {
  return `4964${String(arrival).padStart(15, '0')}${String(sequence).padStart(37, '0')}000000`;
}

/** What a record weighs in the event. */
export function eventBytes(record: SourceRecord): number {
  return Math.ceil(record.data.length / 3) * 4 + recordEnvelopeBytes;
}

function failureOf(result: Exclude<InvocationResult, { outcome: 'returned' }>): RecordVerdict {
  return result.outcome === 'timed out'
    ? {
        result: 'failed',
        code: 'Lambda.FunctionTimedOut',
        message: 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
      }
    : {
        result: 'failed',
        code: 'Lambda.FunctionError',
        message: 'The Lambda function was successfully invoked but it returned an error result.',
      };
}
