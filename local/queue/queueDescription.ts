import { AwsError } from '../aws/awsError.js';
import type { FolderQueue } from './folderQueue.js';

/**
 * The attributes of a queue as GetQueueAttributes tells them.
 *
 * @param names those that are asked for; `All` stands for every one.
 * @throws AwsError for a name that is none.
 */
export function describeQueue(queue: FolderQueue, arn: string, names: readonly string[]): Record<string, string> {
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new AwsError('com.amazonaws.sqs#InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  }
  const wanted = Object.entries(attributesOf(queue, arn)).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return Object.fromEntries(wanted);
}

function attributesOf(queue: FolderQueue, arn: string): Record<string, string> {
  const { visibility, delay, retention, wait, maxMessageBytes, redrivePolicy, redriveAllowPolicy } = queue.attributes;
  const { visible, inFlight, delayed } = queue.counts;
  const seconds = (ms: number) => String(ms / 1000);
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.createdAt),
    VisibilityTimeout: seconds(visibility),
    MaximumMessageSize: String(maxMessageBytes),
    MessageRetentionPeriod: seconds(retention),
    DelaySeconds: seconds(delay),
    ReceiveMessageWaitTimeSeconds: seconds(wait),
    SqsManagedSseEnabled: 'false',
    ...(redrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(redrivePolicy) }),
    ...(redriveAllowPolicy === undefined ? {} : { RedriveAllowPolicy: JSON.stringify(redriveAllowPolicy) }),
  };
}

/** Every name that the API has, also of attributes that these queues don't have. */
const known = new Set([
  'All',
  'Policy',
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
]);
