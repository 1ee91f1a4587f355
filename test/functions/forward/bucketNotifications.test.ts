import { PutBucketNotificationConfigurationCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { bucketNotifications } from '../../../functions/forward/bucketNotifications.js';

const properties = { Bucket: 'logs', Queue: 'arn:aws:sqs:eu-west-1:1:forward', Types: 'error,app' };

const own = ['error', 'app'].map((type) => ({
  Id: `firesplit-forward-${type}`,
  QueueArn: properties.Queue,
  Events: ['s3:ObjectCreated:*'],
  Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: `logs/type=${type}/` }] } },
}));
const others = {
  LambdaFunctionConfigurations: [
    { Id: 'theirs', LambdaFunctionArn: 'arn:aws:lambda:…', Events: ['s3:ObjectRemoved:*'] },
  ],
  EventBridgeConfiguration: {},
};
const theirQueue = { Id: 'scan', QueueArn: 'arn:aws:sqs:…:scan', Events: ['s3:ObjectCreated:*'] };

/** A bucket that tells others already; undefined for one that is gone. */
function aBucket(configuration: object | undefined) {
  const put: unknown[] = [];
  const send = async (command: { readonly input: object }) => {
    if (command instanceof PutBucketNotificationConfigurationCommand) return put.push(command.input);
    if (configuration) return { $metadata: { httpStatusCode: 200 }, ...configuration };
    const $metadata = { httpStatusCode: 404 };
    throw new S3ServiceException({ name: 'NoSuchBucket', $fault: 'client', $metadata });
  };
  return { put, client: { send } as unknown as Parameters<typeof bucketNotifications>[2] };
}

describe('what a bucket tells', () => {
  it('is told to the queue as well, and to all others as before', async () => {
    const { put, client } = aBucket({ ...others, QueueConfigurations: [theirQueue] });
    await bucketNotifications(properties, true, client);
    expect(put).toEqual([
      {
        Bucket: 'logs',
        NotificationConfiguration: { ...others, QueueConfigurations: [theirQueue, ...own] },
      },
    ]);
  });

  it('is told once, also after types were changed', async () => {
    const { put, client } = aBucket({ QueueConfigurations: own });
    await bucketNotifications({ ...properties, Types: 'error' }, true, client);
    expect(put).toMatchObject([{ NotificationConfiguration: { QueueConfigurations: [own[0]] } }]);
  });

  it('is no longer told to the queue when forwarding ends', async () => {
    const { put, client } = aBucket({ ...others, QueueConfigurations: [...own, theirQueue] });
    await bucketNotifications(properties, false, client);
    expect(put).toMatchObject([{ NotificationConfiguration: { ...others, QueueConfigurations: [theirQueue] } }]);
  });

  it('is nothing any more when the bucket is gone', async () => {
    const { put, client } = aBucket(undefined);
    await bucketNotifications(properties, false, client);
    expect(put).toEqual([]);
  });
});
