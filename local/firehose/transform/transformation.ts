import { randomUUID } from 'node:crypto';
import { lambda } from '../../../shared/limits.js';
import type { InvocationResult, Invoke } from '../../lambda/invocation.js';
import { type Clock, pause } from '../clock.js';
import type { SourceRecord } from '../stream/entry.js';
import type { LambdaProcessor } from '../stream/streamConfig.js';
import type { StreamFaults } from '../stream/streamFaults.js';
import { type RecordVerdict, readTransformResponse } from './transformResponse.js';

/** Before the first retry; doubled for each further one. AWS waits longer, but a developer is waiting here. */
const firstBackoff = 100;

/** What Lambda adds to each record in the event, beside its data: the other fields' JSON and a comma. */
const recordEnvelopeBytes = 150;

/** The event's own fields, generously. */
const eventEnvelopeBytes = 1024;

/** A record as the transform gets it: a source record, or one of those that it was prepared into. */
export interface Part {
  readonly source: SourceRecord;
  /** Its place among those of its source record. */
  readonly index: number;
  readonly data: Buffer;
}

export interface Transformed {
  /** One verdict for each part, in order. */
  readonly verdicts: readonly RecordVerdict[];
  readonly attempts: number;
  /** The ids of all attempts: whatever they put back on the stream stands, even that of a failed one. */
  readonly invocations: readonly string[];
}

export interface Transformation {
  /** The stream's. */
  readonly arn: string;
  readonly region: string;
  readonly clock: Clock;
  readonly invoke: Invoke;
  readonly faults?: StreamFaults | undefined;
  /** Called with the invocation's id before each attempt. */
  readonly starting?: (invocation: string) => void;
}

/** Sends parts through the transform, again while it fails and retries are left; never throws for what it does. */
export async function transformBatch(
  parts: readonly Part[],
  processor: LambdaProcessor,
  transformation: Transformation,
): Promise<Transformed> {
  const { arn, region, clock, starting } = transformation;
  const ids = parts.map(recordId);
  const records = parts.map(({ source, data }, index) => ({
    recordId: ids[index],
    approximateArrivalTimestamp: source.arrival,
    data: data.toString('base64'),
  }));
  const invocations: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const invocationId = randomUUID();
    invocations.push(invocationId);
    starting?.(invocationId);
    const event = JSON.stringify({ invocationId, deliveryStreamArn: arn, region, records });
    const result = await invokeOnce(event, parts.length, transformation);
    // An answer, however malformed, is not asked for again.
    if (result.outcome === 'returned') {
      return { verdicts: readTransformResponse(result.payload, ids), attempts: attempt, invocations };
    }
    if (attempt > processor.retries) {
      const verdict = failureOf(result);
      return { verdicts: parts.map(() => verdict), attempts: attempt, invocations };
    }
    await pause(clock, firstBackoff * 2 ** (attempt - 1));
  }
}

/** Whether parts of so many bytes, as data and in the event, may go in one invocation. */
export function fitsInvocation({ data, event }: Weight, processor: LambdaProcessor): boolean {
  return data <= processor.hints.bytes && eventEnvelopeBytes + event <= lambda.maxPayloadBytes;
}

export interface Weight {
  readonly data: number;
  /** In the event: base64 and what is around it. */
  readonly event: number;
}

export function weightOf(data: Buffer): Weight {
  return { data: data.length, event: Math.ceil(data.length / 3) * 4 + recordEnvelopeBytes };
}

export function sum(one: Weight, other: Weight): Weight {
  return { data: one.data + other.data, event: one.event + other.event };
}

async function invokeOnce(event: string, records: number, { invoke, clock, faults }: Transformation) {
  const fault = faults?.invocation();
  if (fault === 'error') return { outcome: 'threw', errorType: 'Fault', message: 'an error on demand' } as const;
  if (fault === 'timeout') return { outcome: 'timed out', afterMs: 0 } as const;
  if (fault !== undefined) await pause(clock, fault.slow);
  return invoke(event, records);
}

/**
 * The id that the transform sees: opaque digits, the same on every attempt and after a restart, and never given to
 * another record, even in another data folder.
 */
function recordId({ source: { arrival, sequence }, index }: Part): string {
  return `4964${String(arrival).padStart(15, '0')}${String(sequence).padStart(37, '0')}${String(index).padStart(6, '0')}`;
}

/** What is written to the error output once there are no retries left (docs: monitoring-with-cloudwatch-logs). */
function failureOf({ outcome }: Exclude<InvocationResult, { outcome: 'returned' }>): RecordVerdict {
  const failed = { result: 'failed', errorType: 'processing-failed' } as const;
  switch (outcome) {
    case 'timed out':
      return {
        ...failed,
        code: 'Lambda.FunctionTimedOut',
        message: 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
      };
    case 'not found':
      return {
        ...failed,
        code: 'Lambda.ResourceNotFound',
        message: 'The specified Lambda function does not exist. Use a different function that does exist.',
      };
    default:
      return {
        ...failed,
        code: 'Lambda.FunctionError',
        message: 'The Lambda function was successfully invoked but it returned an error result.',
      };
  }
}
