/** What the local SQS can and can't do, as docs/local.md tells it: every operation of the SDK is asked. */
import * as sdk from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from '@jest/globals';
import { openSqs, type SqsEndpoint } from '../helpers/sqsEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { testService } from './service.js';
import { sqsProbes } from './sqsProbes.js';

let sqs: SqsEndpoint;

beforeAll(async () => {
  sqs = await openSqs(await tempFolder());
});

afterAll(() => sqs.close());

testService({
  name: 'sqs',
  sdk,
  probes: sqsProbes,
  anyInput: { QueueName: 'signals', TaskHandle: 'task', Attributes: {}, Tags: {}, TagKeys: [] },
  client: () => sqs.client,
  isRefusal: (error) => error instanceof sdk.SQSServiceException && error.name === 'UnsupportedOperation',
});
