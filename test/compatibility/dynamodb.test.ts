/** What the local DynamoDB can and can't do, as docs/local.md tells it: every operation of the SDK is asked. */
import { createServer, type Server } from 'node:http';
import * as sdk from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import { type LocalDynamoDB, startDynamoDB } from '../../local/aws/dynamodb.js';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { dynamodbProbes, prepare } from './dynamodbProbes.js';
import { testService } from './service.js';

let dynamodb: LocalDynamoDB;
let server: Server;
let client: sdk.DynamoDBClient;

beforeAll(async () => {
  dynamodb = await startDynamoDB(await tempFolder(), []);
  server = createServer(
    awsFront({
      firehose: async () => ({}),
      sqs: async () => ({}),
      dynamodb: (headers, body) => dynamodb.forward(headers, body),
      problem: (problem) => {
        throw new Error(problem);
      },
    }),
  );
  client = new sdk.DynamoDBClient({
    endpoint: `http://127.0.0.1:${await listen(server, 0, 'test')}`,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  await prepare(client);
});

afterAll(async () => {
  client.destroy();
  await closeServer(server);
  await closeServer(dynamodb.server);
});

testService({
  name: 'dynamodb',
  sdk,
  probes: dynamodbProbes,
  anyInput: {},
  client: () => client,
  isRefusal: (error) =>
    error instanceof sdk.DynamoDBServiceException &&
    (error.name === 'UnknownOperationException' ||
      (error.name === 'ValidationException' && error.message.startsWith('The local DynamoDB does not know'))),
});
