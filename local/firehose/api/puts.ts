import { randomBytes } from 'node:crypto';
import { firehose } from '../../../shared/limits.js';
import { AwsError, serializationError, validationError } from '../../aws/awsError.js';
import type { Sender } from '../stream/deliveryStream.js';
import { reason } from '../stream/ledger.js';
import type { Streams } from '../stream/streams.js';
import { streamOfPut } from './requests.js';
import { type Json, problemsOf } from './shapes.js';

/*
 * Puts are read by hand rather than by a shape: of all requests only these come thousands of records a second.
 */

/** As AWS words the message of its own throttling. */
const slowDown = 'Slow down.';

export async function putRecord(streams: Streams, input: Json, sender: Sender, invocation?: string): Promise<Json> {
  const problems = problemsOf(streamOfPut, input);
  const data = dataOf(input.Record, () => 'record', problems);
  if (problems.length > 0 || data === undefined) throw validationError(problems);
  const stream = streams.findForPuts(String(input.DeliveryStreamName));
  const accepted = await accept(() => stream.put([data], sender, invocation));
  if (accepted === 0) throw new AwsError('ServiceUnavailableException', slowDown, 503);
  return { RecordId: recordIds(1)[0], Encrypted: stream.encrypted };
}

export async function putRecordBatch(
  streams: Streams,
  input: Json,
  sender: Sender,
  invocation?: string,
): Promise<Json> {
  const problems = problemsOf(streamOfPut, input);
  const records = recordsOf(input, problems);
  if (problems.length > 0) throw validationError(problems);
  const stream = streams.findForPuts(String(input.DeliveryStreamName));
  if (records.reduce((sum, data) => sum + data.length, 0) > firehose.maxBatchBytes) {
    throw new AwsError('InvalidArgumentException', 'Records size exceeds 4 MB limit');
  }
  const accepted = await accept(() => stream.put(records, sender, invocation));
  const ids = recordIds(accepted);
  return {
    FailedPutCount: records.length - accepted,
    Encrypted: stream.encrypted,
    RequestResponses: records.map((_, index) =>
      index < accepted
        ? { RecordId: ids[index] }
        : { ErrorCode: 'ServiceUnavailableException', ErrorMessage: slowDown },
    ),
  };
}

async function accept(put: () => Promise<number>): Promise<number> {
  try {
    return await put();
  } catch (error) {
    // A 500, which every client retries; it is no throttling.
    throw new AwsError('InternalFailure', `The journal could not be written: ${reason(error)}`, 500);
  }
}

function recordsOf({ Records: records }: Json, problems: string[]): Buffer[] {
  const at = "at 'records' failed to satisfy constraint:";
  if (records === undefined || records === null) {
    problems.push(`Value ${at} Member must not be null`);
    return [];
  }
  if (!Array.isArray(records)) throw serializationError('Records must be a list');
  if (records.length === 0) problems.push(`Value '[]' ${at} Member must have length greater than or equal to 1`);
  if (records.length > firehose.maxBatchRecords) {
    problems.push(`Value ${at} Member must have length less than or equal to ${firehose.maxBatchRecords}`);
    return [];
  }
  const read: Buffer[] = [];
  for (const [index, record] of records.entries()) {
    const data = dataOf(record, () => `records.${index + 1}.member`, problems);
    if (data) read.push(data);
  }
  return read;
}

function dataOf(record: unknown, member: () => string, problems: string[]): Buffer | undefined {
  if (record === undefined || record === null) {
    problems.push(`Value at '${member()}' failed to satisfy constraint: Member must not be null`);
    return undefined;
  }
  if (typeof record !== 'object') throw serializationError('A record must be a structure');
  const data = (record as { readonly Data?: unknown }).Data;
  if (data === undefined || data === null) {
    problems.push(`Value at '${member()}.data' failed to satisfy constraint: Member must not be null`);
    return undefined;
  }
  if (typeof data !== 'string') throw serializationError('Data must be base64');
  const bytes = decodeBase64(data);
  if (!bytes) throw serializationError('Data must be base64');
  if (bytes.length > firehose.maxRecordBytes) {
    const most = `Member must have length less than or equal to ${firehose.maxRecordBytes}`;
    problems.push(`Value at '${member()}.data' failed to satisfy constraint: ${most}`);
  }
  return bytes;
}

/** Undefined when it isn't base64: Node passes over what it doesn't know, so the decoded length tells. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // Padding may be left out, but not in part.
  const whole = padding === 0 ? text.length % 4 !== 1 : text.length % 4 === 0;
  if (!whole || bytes.length !== Math.floor(((text.length - padding) * 3) / 4)) return undefined;
  // Node takes the alphabet for URLs as well, which is no base64 to AWS.
  return text.includes('-') || text.includes('_') ? undefined : bytes;
}

/** Opaque, and unlike the ids that the transform sees. */
function recordIds(count: number): string[] {
  const bytes = 96;
  const random = randomBytes(count * bytes).toString('base64');
  const length = (bytes / 3) * 4;
  return Array.from({ length: count }, (_, index) => random.slice(index * length, (index + 1) * length));
}
