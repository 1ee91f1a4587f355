import { AwsError } from '../aws/awsError.js';

const message = [
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageSystemAttributes',
  'MessageDeduplicationId',
  'MessageGroupId',
];
const visibility = ['ReceiptHandle', 'VisibilityTimeout'];

/** What each operation reads of a request; a batch also of each entry. */
const members: { readonly [operation: string]: { readonly request: readonly string[]; readonly entry?: string[] } } = {
  ListQueues: { request: ['QueueNamePrefix', 'MaxResults', 'NextToken'] },
  GetQueueUrl: { request: ['QueueName', 'QueueOwnerAWSAccountId'] },
  GetQueueAttributes: { request: ['QueueUrl', 'AttributeNames'] },
  SendMessage: { request: ['QueueUrl', ...message] },
  SendMessageBatch: { request: ['QueueUrl', 'Entries'], entry: ['Id', ...message] },
  ReceiveMessage: {
    request: [
      'QueueUrl',
      'AttributeNames',
      'MessageSystemAttributeNames',
      'MessageAttributeNames',
      'MaxNumberOfMessages',
      'VisibilityTimeout',
      'WaitTimeSeconds',
      'ReceiveRequestAttemptId',
    ],
  },
  DeleteMessage: { request: ['QueueUrl', 'ReceiptHandle'] },
  DeleteMessageBatch: { request: ['QueueUrl', 'Entries'], entry: ['Id', 'ReceiptHandle'] },
  ChangeMessageVisibility: { request: ['QueueUrl', ...visibility] },
  ChangeMessageVisibilityBatch: { request: ['QueueUrl', 'Entries'], entry: ['Id', ...visibility] },
  PurgeQueue: { request: ['QueueUrl'] },
  ListDeadLetterSourceQueues: { request: ['QueueUrl', 'MaxResults', 'NextToken'] },
  StartMessageMoveTask: { request: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'] },
  ListMessageMoveTasks: { request: ['SourceArn', 'MaxResults'] },
};

/**
 * Refuses what nobody would read: a parameter of a later SQS, or one with a slip in its name.
 *
 * @throws AwsError
 */
export function refuseUnknownMembers(operation: string, input: { readonly Entries?: unknown }): void {
  const { request = [], entry } = members[operation] ?? {};
  refuseOthers(input, request, operation);
  if (!entry || !Array.isArray(input.Entries)) return;
  for (const each of input.Entries) {
    if (each !== null && typeof each === 'object') refuseOthers(each, entry, `an entry of ${operation}`);
  }
}

/** @throws AwsError for a member that is not among the known ones; a null is one that was left out. */
export function refuseOthers(structure: object, known: readonly string[], place: string): void {
  const odd = Object.entries(structure).find(([name, value]) => value !== null && !known.includes(name));
  if (!odd) return;
  throw new AwsError(
    'com.amazonaws.sqs#UnsupportedOperation',
    `The local SQS does not know ${odd[0]} of ${place}. It knows ${[...known].sort().join(', ')}.`,
  );
}
