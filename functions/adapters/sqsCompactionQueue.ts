import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { messageOf } from '../../shared/compact/message.js';
import type { CompactionQueue } from '../../shared/compact/work.js';

// The queue's URL names AWS's host even where the endpoint is another one.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** The SQS queue at this URL, each message of which starts a worker. */
export function sqsCompactionQueue(queueUrl: string): CompactionQueue {
  return {
    async send(type) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: messageOf(type) }));
    },
  };
}
