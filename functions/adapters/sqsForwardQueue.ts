import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqs } from '../../shared/limits.js';

// The queue's URL names AWS's host even where the endpoint is another one.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Sends what is left of a task as a message of its own, with all its attempts, to be received after so many ms. */
export async function sendAgain(body: string, ms: number, queueUrl: string): Promise<void> {
  const DelaySeconds = Math.ceil(Math.min(ms, sqs.maxDelay) / 1000);
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds }));
}
