import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqs } from '../../shared/limits.js';
import type { ReplayQueue, ReplayTask } from '../../shared/replay/ports.js';

// The queue's URL names AWS's host even where the endpoint is another one.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** The SQS queue at this URL, which functions/replayWorker reads. */
export function sqsReplayTasks(queueUrl: string): ReplayQueue {
  return {
    async send(tasks) {
      for (let start = 0; start < tasks.length; start += sqs.maxBatchEntries) {
        await sendBatch(queueUrl, tasks.slice(start, start + sqs.maxBatchEntries));
      }
    },
  };
}

async function sendBatch(queueUrl: string, tasks: readonly ReplayTask[]): Promise<void> {
  const entries = tasks.map((task, index) => ({ Id: String(index), MessageBody: JSON.stringify(task) }));
  const { Failed: failed = [] } = await client.send(
    new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
  );
  // A batch may be taken in part, with status 200. Whoever tries again sends all of it: a task may come twice.
  if (failed[0])
    throw new Error(`the replay queue refused ${failed.length} tasks: ${failed[0].Message ?? failed[0].Code}`);
}
