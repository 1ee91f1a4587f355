import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectCreated } from '../../../local/s3/notify/objectCreated.js';
import { readNotification, UnreadableMessageError } from '../../../shared/forward/notification.js';

// As https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html has it.
const fromS3 = {
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-west-2',
      eventTime: '2026-11-22T16:42:00.000Z',
      eventName: 'ObjectCreated:Put',
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'testConfigRule',
        bucket: { name: 'logs', ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: 'arn:aws:s3:::logs' },
        object: {
          key: 'logs/type%3Derror/arrived%3D2026-11-22-16/a+b%2Bc.json.gz',
          size: 1024,
          eTag: 'd41d8cd98f00b204e9800998ecf8427e',
          sequencer: '0055AED6DCD90281E5',
        },
      },
    },
  ],
};

describe('readNotification', () => {
  it('reads what S3 tells', () => {
    expect(readNotification(JSON.stringify(fromS3)).objects).toEqual([
      {
        bucket: 'logs',
        key: 'logs/type=error/arrived=2026-11-22-16/a b+c.json.gz',
        etag: 'd41d8cd98f00b204e9800998ecf8427e',
        landed: Date.parse('2026-11-22T16:42:00Z'),
      },
    ]);
  });

  it('takes the message by which S3 tries the queue for nothing to do', () => {
    const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-11-22T16:42:00.000Z', Bucket: 'logs' };
    expect(readNotification(JSON.stringify(test)).objects).toEqual([]);
  });

  it('reads any key that the local S3 tells of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const key = `logs/type=error/${name}`;
        const description = { etag: 'e', headers: {}, metadata: {}, tags: {} };
        const message = objectCreated(
          { key, size: 1, modified: 1_795_365_720_000, description },
          { bucket: 'logs', region: 'us-east-1', accountId: '0' },
        );
        expect(readNotification(message).objects).toEqual([
          { bucket: 'logs', key, etag: 'e', landed: 1_795_365_720_000 },
        ]);
      }),
    );
  });

  it('says of anything else that it is not from S3', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => `{"Records":[${JSON.stringify(value)}]}`),
        ),
        (body) => {
          expect(() => readNotification(body)).toThrow(UnreadableMessageError);
        },
      ),
    );
  });
});
