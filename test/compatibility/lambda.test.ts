/** What the local Lambda can and can't do, as docs/local.md tells it: every operation of the SDK is asked. */
import { createServer, type Server } from 'node:http';
import * as sdk from '@aws-sdk/client-lambda';
import { afterAll, beforeAll } from '@jest/globals';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import { InvokeApi } from '../../local/lambda/invokeApi.js';
import { FakeClock } from '../helpers/fakeClock.js';
import { functionArn, lambdaProbes } from './lambdaProbes.js';
import { testService } from './service.js';

let server: Server;
let client: sdk.LambdaClient;

beforeAll(async () => {
  const api = new InvokeApi({
    region: 'us-east-1',
    accountId: '000000000000',
    exists: (arn) => arn.replace(/:\$LATEST$/, '') === functionArn,
    // A function that answers with its event, and fails when that is empty.
    invoke: async (_, event) => ({
      result:
        event === '{}'
          ? { outcome: 'threw', errorType: 'TypeError', message: 'no event' }
          : { outcome: 'returned', payload: event },
      usage: undefined,
      log: undefined,
      requestId: '23755774-91f6-473f-b787-7f34a9d7b0a3',
      tail: 'START\nEND\n',
    }),
    problem: () => undefined,
    clock: new FakeClock(),
  });
  server = createServer(
    awsFront({
      firehose: async () => ({}),
      sqs: async () => ({}),
      lambda: (...request) => api.handle(...request),
      // What is not taken for a request to Lambda comes here.
      s3: async () => ({ status: 404, headers: {}, body: '' }),
      problem: (problem) => {
        throw new Error(problem);
      },
    }),
  );
  client = new sdk.LambdaClient({
    endpoint: `http://127.0.0.1:${await listen(server, 0, 'test')}`,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
});

afterAll(async () => {
  client.destroy();
  await closeServer(server);
});

testService({
  name: 'lambda',
  sdk,
  probes: lambdaProbes,
  anyInput: {
    FunctionName: 'shop-alert',
    FunctionVersion: '1',
    Name: 'name',
    Qualifier: '1',
    Resource: functionArn,
    ResourceArn: functionArn,
    Tags: {},
    TagKeys: ['a'],
    UUID: 'uuid',
    LayerName: 'layer',
    VersionNumber: 1,
    StatementId: 'statement',
    Arn: functionArn,
    InvokeArgs: '{}',
    CodeSigningConfigArn: 'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0',
    CapacityProviderName: 'provider',
    DurableExecutionArn: `${functionArn}:1/durable-execution/name/id`,
    CallbackId: 'callback',
    CheckpointToken: 'token',
    ReservedConcurrentExecutions: 1,
    ProvisionedConcurrentExecutions: 1,
  },
  client: () => client,
  isRefusal: (error) =>
    error instanceof sdk.LambdaServiceException &&
    (error.name === 'UnknownOperationException' ||
      (error.name === 'InvalidParameterValueException' && error.message.startsWith('The local Lambda does not know'))),
});
