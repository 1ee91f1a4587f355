import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { serverCertificate } from '../../../local/aws/certificates.js';
import { type LocalDynamoDB, startDynamoDB } from '../../../local/aws/dynamodb.js';
import { awsFront, transformPath } from '../../../local/aws/front.js';
import { closeServer, listen, PortInUseError } from '../../../local/aws/listen.js';
import { decodeAwsChunked } from '../../../local/aws/requestBody.js';
import type { Resource } from '../../../local/infra/infra.js';
import { traceHeader } from '../../../local/lambda/trace.js';
import { FolderQueue } from '../../../local/queue/folderQueue.js';
import { SqsApi } from '../../../local/queue/sqsApi.js';
import { rawAnswer } from '../../helpers/rawHttp.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' }, maxAttempts: 1 };

let folder: string;
let queue: FolderQueue;
let server: Server;
let url: string;
let dynamodb: LocalDynamoDB;

beforeAll(async () => {
  folder = await tempFolder();
  const now = Date.now;
  const deadLetters = await FolderQueue.open({ folder: join(folder, 'd'), now });
  queue = await FolderQueue.open({ folder: join(folder, 'q'), deadLetters, maxReceives: 3, now });
  dynamodb = await startDynamoDB(join(folder, 'dynamodb'), [table([agenda])]);
  const sqs = new SqsApi(new Map([['signals', queue]]));
  server = createServer(
    awsFront({
      firehose: async (_operation, _input, sender, invocation) => ({ sender, invocation }),
      sqs: (operation, input) => sqs.handle(operation, input),
      dynamodb: (headers, body) => dynamodb.forward(headers, body),
      problem: () => undefined,
    }),
  );
  url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
});

afterAll(async () => {
  await closeServer(server);
  await closeServer(dynamodb.server);
});

const agenda = {
  IndexName: 'agenda',
  KeySchema: [
    { AttributeName: 'agenda', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' },
};

/** A table as a template has it. */
function table(indexes: readonly (typeof agenda)[]): Resource {
  const attributes = indexes.length === 0 ? { pk: 'S' } : { pk: 'S', agenda: 'S', at: 'N' };
  return {
    logicalId: 'Table',
    type: 'AWS::DynamoDB::Table',
    at: { path: 'alerts.yml', line: 1 },
    ref: 'shop-alerts',
    properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    },
  };
}

it('tells which invocation of the transform puts records', async () => {
  const put = async (path: string, headers: Record<string, string>) => {
    const target = { 'x-amz-target': 'Firehose_20150804.PutRecordBatch' };
    return (await fetch(`${url}${path}`, { method: 'POST', headers: { ...target, ...headers }, body: '{}' })).json();
  };
  const invocation = '23755774-91f6-473f-b787-7f34a9d7b0a3';
  const traced = { 'x-amzn-trace-id': traceHeader(invocation) };
  expect(await put(transformPath, traced)).toEqual({ sender: 'transform', invocation });
  expect(await put(transformPath, {})).toEqual({ sender: 'transform' });
  expect(await put('/', traced)).toEqual({ sender: 'client' });
});

it('refuses a body for its Content-Length, without waiting for it', async () => {
  const head = [
    'POST / HTTP/1.1',
    'host: localhost',
    'x-amz-target: AmazonSQS.SendMessage',
    'content-length: 314572800',
  ];
  const answer = await rawAnswer(url, `${head.join('\r\n')}\r\n\r\n{`);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

it('lets no script of what it shows in a browser run', async () => {
  const policyOf = async (headers: Record<string, string>) =>
    (await fetch(url, { headers })).headers.get('content-security-policy');
  expect(await policyOf({ 'sec-fetch-dest': 'document' })).toBe('sandbox');
  expect(await policyOf({})).toBeNull();
});

it('takes messages through the SQS client', async () => {
  const client = new SQSClient({ ...access, endpoint: url, useQueueUrlAsEndpoint: false });
  await client.send(new SendMessageCommand({ QueueUrl: `${url}/000000000000/signals`, MessageBody: '{"ä":1}' }));
  client.destroy();
  expect((await queue.receive(10)).map(({ body }) => body)).toEqual(['{"ä":1}']);
});

describe('the DynamoDB side', () => {
  it('has the tables and indexes of the template', async () => {
    const client = new DynamoDBClient({ ...access, endpoint: url });
    const Item = { pk: { S: 'alert#ä' }, agenda: { S: 'sweep' }, at: { N: '7' } };
    await client.send(new PutItemCommand({ TableName: 'shop-alerts', Item }));
    const get = new GetItemCommand({ TableName: 'shop-alerts', Key: { pk: Item.pk } });
    expect((await client.send(get)).Item).toEqual(Item);
    const due = new QueryCommand({
      TableName: 'shop-alerts',
      IndexName: 'agenda',
      KeyConditionExpression: 'agenda = :agenda AND #at <= :now',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':agenda': { S: 'sweep' }, ':now': { N: '8' } },
    });
    expect((await client.send(due)).Items).toEqual([Item]);
    const other = new GetItemCommand({ TableName: 'other', Key: { pk: Item.pk } });
    await expect(client.send(other)).rejects.toThrow(ResourceNotFoundException);
    client.destroy();
  });

  const post = async (operation: string, body: string) => {
    const headers = {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    };
    const answer = await fetch(url, { method: 'POST', headers, body });
    return { status: answer.status, ...((await answer.json()) as { __type?: string; message?: string }) };
  };

  it.each(['TransactWriteItems', 'ExecuteStatement', 'UpdateTimeToLive', 'Dance'])(
    'says that it has no %s',
    async (name) => {
      expect(await post(name, '{}')).toEqual({
        status: 400,
        __type: 'com.amazon.coral.service#UnknownOperationException',
        message: expect.stringContaining(`The local DynamoDB has no ${name}. It has BatchGetItem, `),
      });
    },
  );

  it('refuses a parameter that it would pass over', async () => {
    const input = {
      TableName: 'shop-alerts',
      Key: { pk: { S: 'a' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    expect(await post('DeleteItem', JSON.stringify(input))).toMatchObject({
      __type: 'com.amazon.coral.validate#ValidationException',
      message: expect.stringContaining('does not know ReturnValuesOnConditionCheckFailure of DeleteItem'),
    });
  });

  it('tells who put something in vain what is in its way, if that is asked for', async () => {
    const put = (value: string, of: object = {}) =>
      post(
        'PutItem',
        JSON.stringify({
          TableName: 'shop-alerts',
          Item: { pk: { S: 'refused' }, value: { S: value } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ...of,
        }),
      );
    expect(await put('first')).toEqual({ status: 200 });
    const refusal = { status: 400, __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };
    expect(await put('second')).not.toHaveProperty('Item');
    expect(await put('third', { ReturnValuesOnConditionCheckFailure: 'NONE' })).not.toHaveProperty('Item');
    const told = await put('fourth', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(told).toMatchObject({ ...refusal, Item: { pk: { S: 'refused' }, value: { S: 'first' } } });
  });

  it.each([
    ['(', 24],
    ['(a = :b', 9],
    ['a = :b)', 1],
  ])('refuses at once an expression of %s, %i times', async (piece, times) => {
    const input = { TableName: 'shop-alerts', FilterExpression: piece.repeat(times) };
    expect(await post('Scan', JSON.stringify(input))).toMatchObject({
      status: 400,
      __type: 'com.amazon.coral.validate#ValidationException',
      message: expect.stringContaining('parentheses'),
    });
  });

  it('answers a Scan that asks for consistent reads, as all are', async () => {
    const input = { TableName: 'shop-alerts', ConsistentRead: true };
    expect(await post('Scan', JSON.stringify(input))).toMatchObject({ status: 200 });
  });

  it.each([
    [
      'CreateTable',
      { TableName: 'other', GlobalSecondaryIndexes: [{ ...agenda, WarmThroughput: {} }] },
      'WarmThroughput of CreateTable.GlobalSecondaryIndexes. It knows IndexName, KeySchema, Projection, ProvisionedThroughput.',
    ],
    [
      'BatchGetItem',
      { RequestItems: { 'shop-alerts': { Keys: [], Limit: 1 } } },
      'Limit of BatchGetItem.RequestItems. It knows AttributesToGet, ConsistentRead, ',
    ],
    [
      'UpdateTable',
      { TableName: 'shop-alerts', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'agenda' } }] },
      'Delete of UpdateTable.GlobalSecondaryIndexUpdates. It knows Update.',
    ],
  ])('refuses a part of a parameter of %s that it would pass over', async (operation, input, told) => {
    expect(await post(operation, JSON.stringify(input))).toMatchObject({
      __type: 'com.amazon.coral.validate#ValidationException',
      message: expect.stringContaining(`The local DynamoDB does not know ${told}`),
    });
  });

  it('takes items with attributes of any name and form', async () => {
    const Item = { pk: { S: 'any' }, type: { M: { children: { L: [{ N: '1' }, { NULL: true }] } } } };
    expect(await post('PutItem', JSON.stringify({ TableName: 'shop-alerts', Item }))).toMatchObject({ status: 200 });
  });

  it.each([
    ['GetItem', 'null'],
    ['GetItem', '[]'],
    ['GetItem', '{"TableName":"shop-alerts","Key":{"pk":null}}'],
    ['PutItem', '{"TableName":"shop-alerts","Item":{"pk":{"S":"a"},"x":{"L":[null]}}}'],
    ['BatchGetItem', '{"RequestItems":{"shop-alerts":null}}'],
    ['Scan', '{"TableName":"shop-alerts","ScanFilter":{"pk":null}}'],
  ])('answers %s of %s, and goes on', async (operation, body) => {
    expect(await post(operation, body)).toMatchObject({
      status: 400,
      __type: expect.stringContaining('SerializationException'),
    });
    expect(await post('ListTables', '{}')).toMatchObject({ status: 200 });
  });

  it('serves nobody at a port of its own', async () => {
    const { port } = dynamodb.server.address() as AddressInfo;
    const authorization = 'AWS4-HMAC-SHA256 Credential=any/20261122/us-east-1/dynamodb/aws4_request, Signature=0';
    for (const headers of [{}, { authorization }, { origin: 'http://evil.example' }]) {
      const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body: '{}' });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });

  it('keeps its items over a restart, unless the template has other indexes since', async () => {
    const data = await tempFolder();
    const Key = { pk: { S: 'a' } };
    const itemAfter = async (resource: Resource, put: boolean) => {
      const local = await startDynamoDB(data, [resource]);
      const send = async (operation: string, input: object) => {
        const headers = {
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          'content-type': 'application/x-amz-json-1.0',
        };
        const { body } = await local.forward(headers, Buffer.from(JSON.stringify(input)));
        return JSON.parse(String(body instanceof Uint8Array ? Buffer.from(body) : body)) as { readonly Item?: unknown };
      };
      if (put) await send('PutItem', { TableName: 'shop-alerts', Item: Key });
      const { Item } = await send('GetItem', { TableName: 'shop-alerts', Key });
      await closeServer(local.server);
      return Item;
    };
    expect(await itemAfter(table([]), true)).toEqual(Key);
    expect(await itemAfter(table([]), false)).toEqual(Key);
    expect(await itemAfter(table([agenda]), false)).toBeUndefined();
    expect(await itemAfter(table([agenda]), true)).toEqual(Key);
    expect(await itemAfter(table([agenda]), false)).toEqual(Key);
  });
});

it('answers over TLS with a certificate that its authority vouches for, and keeps the authority', async () => {
  const data = await tempFolder();
  const { key, cert, caFile } = await serverCertificate(data);
  const ca = await readFile(caFile, 'utf8');
  const tls = createTlsServer({ key, cert }, (_, response) => response.end('hello'));
  const port = await listen(tls, 0, 'test');
  const ask = (host: string, trusted: string) =>
    new Promise<string>((resolve, reject) => {
      get(
        { host: '127.0.0.1', servername: host === '127.0.0.1' ? '' : host, port, ca: trusted, agent: false },
        (response) => response.on('data', (chunk) => resolve(String(chunk))),
      ).on('error', reject);
    });
  expect(await ask('localhost', ca)).toBe('hello');
  expect(await ask('127.0.0.1', ca)).toBe('hello');
  const stranger = await readFile((await serverCertificate(await tempFolder())).caFile, 'utf8');
  await expect(ask('localhost', stranger)).rejects.toThrow();
  await closeServer(tls);
  await serverCertificate(data);
  expect(await readFile(caFile, 'utf8')).toBe(ca);
});

it('names a port that is in use, and the flag', async () => {
  const port = Number(new URL(url).port);
  const other = createServer();
  await expect(listen(other, port, 'choose another with --port')).rejects.toThrow(PortInUseError);
  await expect(listen(other, port, 'choose another with --port')).rejects.toThrow(
    `Port ${port} is already in use: choose another with --port.`,
  );
});

describe('decodeAwsChunked', () => {
  it('joins the chunks of any body, whatever the extensions and trailers', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), (chunks) => {
        const framed = chunks.flatMap((chunk) => [
          Buffer.from(`${chunk.length.toString(16)};chunk-signature=0\r\n`),
          chunk,
          Buffer.from('\r\n'),
        ]);
        const body = Buffer.concat([...framed, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]);
        expect(decodeAwsChunked(body)).toEqual({
          bytes: Buffer.concat(chunks),
          trailers: new Map([['x-amz-checksum-crc32', 'AAAAAA==']]),
        });
      }),
    );
  });

  it('never takes a body that was cut short', () => {
    const body = Buffer.from('5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n');
    for (let end = 0; end < body.length - 4; end++) {
      expect(() => decodeAwsChunked(body.subarray(0, end))).toThrow('before its last chunk');
    }
  });
});
