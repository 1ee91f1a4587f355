import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { replay } from '../shared/bounds.js';
import { findObjects } from '../shared/replay/find.js';
import { Pace } from '../shared/replay/pace.js';
import type { ReplayTask } from '../shared/replay/ports.js';
import { putObjectBack } from '../shared/replay/putObjectBack.js';
import { deliverAgainAfter } from './adapters/deliverAgain.js';
import { required } from './adapters/environment.js';
import { firehoseStream } from './adapters/firehoseStream.js';
import { FunctionMetrics } from './adapters/functionMetrics.js';
import { s3Documents } from './adapters/s3Documents.js';
import { s3SourceObjects } from './adapters/s3SourceObjects.js';
import { sqsReplayTasks } from './adapters/sqsReplayTasks.js';
import { clock, settings, workerPace } from './replay/environment.js';

const metrics = new FunctionMetrics('replay');

const queueUrl = required('REPLAY_QUEUE_URL');

const ports = {
  documents: s3Documents(settings.bucket),
  objects: s3SourceObjects,
  queue: sqsReplayTasks(queueUrl),
  stream: firehoseStream(required('STREAM')),
  clock,
  pace: new Pace(workerPace, clock),
};

/** Does the tasks that functions/replay and itself have queued: finds what a replay is about, and puts it back object by object. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(metrics.middleware)
  .handler(async ({ Records: records }, context) => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of records) {
      if (await work(record, context)) continue;
      // SQS delivers it again, and moves it to the queue of dead letters when that has been in vain often enough.
      batchItemFailures.push({ itemIdentifier: record.messageId });
      await hurry(record);
    }
    return { batchItemFailures };
  });

async function work({ body, messageId }: SQSRecord, context: Context): Promise<boolean> {
  const until = clock.now() + context.getRemainingTimeInMillis() - replay.reserve;
  try {
    const { replay: id, object } = JSON.parse(body) as ReplayTask;
    if (object === undefined) await findObjects(id, settings.bucket, ports, until);
    const put = object === undefined ? 0 : await putObjectBack(id, object, keys(), ports, until);
    metrics.add('ReplayedRecords', put);
    return true;
  } catch (error) {
    metrics.add('ReplayFailures', 1);
    const message = 'a part of a replay failed; it is tried again, and parked in the end';
    console.warn(JSON.stringify({ level: 'warn', message, task: body, messageId, reason: String(error) }));
    return false;
  }
}

/** A message is hidden for as long as an attempt may take. One that has failed can come sooner, later each time. */
async function hurry({ receiptHandle, attributes, messageId }: SQSRecord): Promise<void> {
  const received = Number(attributes.ApproximateReceiveCount);
  try {
    await deliverAgainAfter(replay.retryAfter * 2 ** (received - 1), queueUrl, receiptHandle);
  } catch (error) {
    const message = 'a task that failed could not be made to come back sooner; it comes within half an hour';
    console.warn(JSON.stringify({ level: 'warn', message, messageId, reason: String(error) }));
  }
}

function keys(): [string, ...string[]] {
  const [newest, ...older] = settings.keys;
  if (newest !== undefined) return [newest, ...older];
  throw new Error('PUT_BACK_KEYS is not set: nothing can be put back without a key');
}
