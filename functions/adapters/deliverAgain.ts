import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';

// The queue's URL names AWS's host even where the endpoint is another one.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Has SQS deliver a message again after so many ms, that somebody has received and could not do. */
export async function deliverAgainAfter(ms: number, queueUrl: string, receiptHandle: string): Promise<void> {
  const VisibilityTimeout = Math.ceil(ms / 1000);
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }),
  );
}
