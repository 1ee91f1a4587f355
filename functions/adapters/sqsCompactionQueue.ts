import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { messageOf } from '../../shared/compact/message.js';
import type { LogType } from '../../shared/line/schema/index.js';

// The queue's URL names AWS's host even where the endpoint is another one.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** The SQS queue at this URL, each message of which starts a worker. */
export function sqsCompactionQueue(queueUrl: string) {
  return {
    async send(type: LogType): Promise<void> {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: messageOf(type) }));
    },
  };
}
