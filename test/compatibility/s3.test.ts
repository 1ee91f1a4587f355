/** What the local S3 can and can't do, as docs/local.md tells it: every operation of the SDK is asked. */
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from '@jest/globals';
import { deployedBucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { prepare, s3Probes } from './s3Probes.js';
import { testService } from './service.js';

let s3: S3Endpoint;

beforeAll(async () => {
  s3 = await openS3(await tempFolder());
  await prepare(s3.client);
});

afterAll(() => s3.close());

testService({
  name: 's3',
  sdk,
  probes: s3Probes,
  anyInput: {
    Bucket: deployedBucket,
    Key: 'source',
    Id: 'id',
    AnnotationName: 'a',
    RenameSource: 'source',
    RequestRoute: 'route',
    RequestToken: 'token',
    Policy: '{}',
    Tagging: { TagSet: [] },
    Expression: 'select 1',
    ExpressionType: 'SQL',
  },
  client: () => s3.client,
  isRefusal: (error) => error instanceof sdk.S3ServiceException && error.$metadata.httpStatusCode === 501,
});
