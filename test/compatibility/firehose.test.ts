/** What the local Firehose can and can't do, as docs/local.md tells it: every operation of the SDK is asked. */
import * as sdk from '@aws-sdk/client-firehose';
import { afterAll, beforeAll } from '@jest/globals';
import { type Endpoint, openEndpoint } from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { firehoseProbes } from './firehoseProbes.js';
import { testService } from './service.js';

let firehose: Endpoint;

beforeAll(async () => {
  firehose = await openEndpoint(await tempFolder());
});

afterAll(() => firehose.close());

testService({
  name: 'firehose',
  sdk,
  probes: firehoseProbes,
  anyInput: { DeliveryStreamName: 'logs' },
  client: () => firehose.client,
  isRefusal: (error) =>
    error instanceof sdk.FirehoseServiceException &&
    (error.name === 'UnknownOperationException' ||
      (error.name === 'InvalidArgumentException' &&
        /^The local Firehose has only|not supported on a laptop/.test(error.message))),
});
