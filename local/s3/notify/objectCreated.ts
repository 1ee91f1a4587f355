import { createHash } from 'node:crypto';
import type { StoredObject } from '../store/objectFolder.js';

/** Whose object it is. */
interface Place {
  readonly bucket: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * What S3 tells of a new object, as a queue gets it. The time is that of the object, so that it is told the same way twice.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function objectCreated(object: StoredObject, { bucket, region, accountId }: Place): string {
  const { key, size, modified, description } = object;
  const id = createHash('sha256').update(`${bucket}\n${key}\n${modified}`).digest('hex').slice(0, 16).toUpperCase();
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(modified).toISOString(),
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: `AWS:${accountId}` },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': id, 'x-amz-id-2': id },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'local',
      bucket: { name: bucket, ownerIdentity: { principalId: accountId }, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encodedKey(key), size, eTag: description.etag, sequencer: id },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** As in a form: a space is `+`, and a slash stays. */
function encodedKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
