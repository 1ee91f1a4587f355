import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { writeBatch } from '../../shared/signals/batchText.js';
import type { SignalQueue } from '../../shared/signals/signalQueue.js';

// The queue's URL names AWS's host even where the endpoint is another one.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** The SQS queue at this URL. */
export function sqsSignals(queueUrl: string): SignalQueue {
  return {
    async send(batch) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: writeBatch(batch) }));
    },
  };
}
