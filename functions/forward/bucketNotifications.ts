import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
} from '@aws-sdk/client-s3';
import { hasStatus, s3 } from '../adapters/s3Client.js';

/** Properties of the custom resource in infra/resources/forward.yml. */
export interface NotificationProperties {
  readonly Bucket?: string;
  /** ARN of the queue that S3 tells of objects. */
  readonly Queue?: string;
  /** Types of rows with commas between. */
  readonly Types?: string;
}

/**
 * Has S3 tell the queue of each object of the types that lands, or no longer. A bucket has one configuration for all that it
 * tells anybody: what others have put there stays, which a template could only replace.
 *
 * @throws Error also when S3 tells somebody else of the same objects already, which it does once
 */
export async function bucketNotifications(
  { Bucket, Queue, Types = '' }: NotificationProperties,
  isWanted: boolean,
  client: Pick<typeof s3, 'send'> = s3,
): Promise<void> {
  const found = await find(Bucket, client);
  // The bucket is gone, and what it told with it.
  if (!found && !isWanted) return;
  const others = (found?.QueueConfigurations ?? []).filter(({ Id }) => !Id?.startsWith(ownIds));
  const own = isWanted ? Types.split(',').map((type) => configurationOf(type, Queue)) : [];
  const { $metadata: _, ...rest } = { $metadata: undefined, ...found };
  const NotificationConfiguration = { ...rest, QueueConfigurations: [...others, ...own] };
  await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

const ownIds = 'firesplit-forward-';

function configurationOf(type: string, QueueArn: string | undefined): QueueConfiguration {
  return {
    Id: `${ownIds}${type}`,
    QueueArn,
    Events: ['s3:ObjectCreated:*'],
    Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: `logs/type=${type}/` }] } },
  };
}

/** Undefined when there is no such bucket. */
async function find(
  Bucket: string | undefined,
  client: Pick<typeof s3, 'send'>,
): Promise<NotificationConfiguration | undefined> {
  try {
    return await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
