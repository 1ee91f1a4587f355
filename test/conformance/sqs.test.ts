/**
 * What the functions' queue does as Amazon SQS does it, seen by an SDK client, which verifies the digests of bodies as well.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FakeClock } from '../helpers/fakeClock.js';
import { deadLettersArn, openSqs, type SqsEndpoint } from '../helpers/sqsEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

const dead = deadLettersArn;
const kibi = 1024;

let sqs: SqsEndpoint;
let clock: FakeClock;
let client: SQSClient;
let endpoint: string;
let QueueUrl: string;

beforeEach(async () => {
  sqs = await openSqs(await tempFolder());
  ({ clock, client, url: endpoint, queueUrl: QueueUrl } = sqs);
});

afterEach(() => sqs.close());

const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
const bodies = async (more: Partial<ReceiveMessageCommandInput> = {}) => (await receive(more)).map(({ Body }) => Body);
const counts = async (url = QueueUrl) => {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const of = (state: string) =>
    Number(Object.entries(Attributes).find(([name]) => name === `ApproximateNumberOfMessages${state}`)?.[1]);
  return [of(''), of('NotVisible'), of('Delayed')];
};

describe('queues', () => {
  it('are listed and found by name, under the host that the client calls', async () => {
    const urls = [QueueUrl, `${QueueUrl}-dead`];
    expect((await client.send(new ListQueuesCommand({}))).QueueUrls).toEqual(urls);
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'signals-' }))).QueueUrls).toEqual([urls[1]]);
    const page = await client.send(new ListQueuesCommand({ MaxResults: 1 }));
    expect(page.QueueUrls).toEqual([urls[0]]);
    expect((await client.send(new ListQueuesCommand({ NextToken: page.NextToken }))).QueueUrls).toEqual([urls[1]]);
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'signals' }))).QueueUrl).toBe(QueueUrl);
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'other' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('tell their attributes', async () => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:signals',
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '3600',
      MaximumMessageSize: '1048576',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 2 }),
    });
    const some = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['DelaySeconds'] });
    expect((await client.send(some)).Attributes).toEqual({ DelaySeconds: '0' });
    const AttributeNames = ['Color'] as unknown as ['All'];
    await expect(client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute Color.',
    });
  });

  it('are those of the template: CreateQueue is an UnsupportedOperation', async () => {
    await expect(client.send(new CreateQueueCommand({ QueueName: 'new' }))).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: 'The local SQS has the queues of the template as they are there, and no CreateQueue.',
    });
  });
});

describe('a message', () => {
  it('has no system attribute but the header for X-Ray', async () => {
    const sending = (name: string, DataType = 'String') =>
      send('x', { MessageSystemAttributes: { [name]: { DataType, StringValue: '1' } } });
    await sending('AWSTraceHeader');
    await expect(sending('Other')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(sending('AWSTraceHeader', 'Number')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('is received with what was asked for, hidden for its timeout, and deleted by its last receipt handle', async () => {
    const { MessageId } = await send('hello');
    const [first] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(first).toMatchObject({ MessageId, Body: 'hello', Attributes: { ApproximateReceiveCount: '1' } });
    expect([await bodies(), await counts()]).toEqual([[], [0, 1, 0]]);
    clock.advance(30_000);
    const [second] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(await counts()).toEqual([0, 1, 0]);
    for (let time = 0; time < 2; time++) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    }
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('comes back earlier or later when its visibility is changed', async () => {
    await send('a');
    const [message] = await receive({ VisibilityTimeout: 5 });
    const change = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
      );
    await change(60);
    clock.advance(59_000);
    expect(await bodies()).toEqual([]);
    await change(0);
    await expect(change(1)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    await expect(change(43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect(await bodies()).toEqual(['a']);
    await expect(change(1)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('Message does not exist or is not available for visibility timeout change.'),
    });
  });

  it('is delayed by up to 900 seconds', async () => {
    await send('later', { DelaySeconds: 900 });
    expect([await bodies(), await counts()]).toEqual([[], [0, 0, 1]]);
    clock.advance(900_000);
    expect(await bodies()).toEqual(['later']);
    await expect(send('never', { DelaySeconds: 5000 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Value 5000 for parameter DelaySeconds is invalid. Reason: Must be between 0 and 900, if provided.',
    });
  });

  it('is gone when its retention is over', async () => {
    await send('old');
    clock.advance(3_600_000);
    expect([await bodies(), await counts()]).toEqual([[], [0, 0, 0]]);
  });

  it('is a dead letter when it would be received once more than allowed, and can be moved back', async () => {
    await send('poison');
    for (let time = 0; time < 2; time++) {
      expect(await bodies()).toEqual(['poison']);
      clock.advance(30_000);
    }
    expect(await bodies()).toEqual([]);
    const deadUrl = `${QueueUrl}-dead`;
    expect([await counts(), await counts(deadUrl)]).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }));
    expect(sources.queueUrls).toEqual([QueueUrl]);
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: dead }));
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: dead }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    expect(await receive({ AttributeNames: ['All'] })).toMatchObject([
      { Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } },
    ]);
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:other';
    await expect(client.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('keeps its attributes and tells their digest', async () => {
    const MessageAttributes = {
      'trace.id': { DataType: 'String', StringValue: 'ä日本' },
      bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0, 255, 1) },
      Count: { DataType: 'Number', StringValue: '-1.5e3' },
    };
    const sent = await send('with', { MessageAttributes, MessageGroupId: 'g' });
    // As Python's hashlib has it of the documented form.
    expect(sent.MD5OfMessageAttributes).toBe('51cd9922883e9989fdc92e8485bdcba7');
    expect((await receive())[0]?.MessageAttributes).toBeUndefined();
    clock.advance(30_000);
    const [message] = await receive({ MessageAttributeNames: ['trace.*', 'bytes'], AttributeNames: ['All'] });
    expect(message?.MessageAttributes).toEqual({
      'trace.id': MessageAttributes['trace.id'],
      bytes: { DataType: 'Binary.png', BinaryValue: expect.objectContaining({ 0: 0, 1: 255, 2: 1 }) },
    });
    expect(message?.Attributes).toMatchObject({ MessageGroupId: 'g' });
  });

  it.each<[string, SendMessageCommandInput['MessageAttributes'], RegExp]>([
    [
      'two values',
      { a: { DataType: 'String', StringValue: 'x', BinaryValue: Uint8Array.of(1) } },
      /another type than String/,
    ],
    ['a type that is none', { a: { DataType: 'Text', StringValue: 'x' } }, /supported type prefixes is Binary, Number/],
    ['no value', { a: { DataType: 'String', StringValue: '' } }, /non-empty value for message attribute type 'String'/],
    ['a number that is none', { a: { DataType: 'Number', StringValue: '1x' } }, /'a' to a number/],
    ['a name of Amazon', { 'aws.x': { DataType: 'String', StringValue: 'x' } }, /'aws\.x' is invalid/],
    ['a name with two periods', { 'a..b': { DataType: 'String', StringValue: 'x' } }, /'a\.\.b' is invalid/],
    [
      'eleven',
      Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`a${at}`, { DataType: 'String', StringValue: 'x' }])),
      /\[11\] exceeds the allowed maximum \[10\]/,
    ],
  ])('has no attribute with %s', async (_, MessageAttributes, message) => {
    await expect(send('x', { MessageAttributes })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringMatching(message),
    });
  });

  it('has only the characters of XML', async () => {
    const allowed = (code: number) =>
      [9, 10, 13].includes(code) || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 0xffff }), async (code) => {
        const body = JSON.stringify({ QueueUrl, MessageBody: 'x?y' }).replace(
          '?',
          `\\u${code.toString(16).padStart(4, '0')}`,
        );
        const headers = { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' };
        const answer = await fetch(endpoint, { method: 'POST', headers, body });
        expect([code, answer.status]).toEqual([code, allowed(code) ? 200 : 400]);
        const { __type: type } = (await answer.json()) as { __type?: string };
        if (!allowed(code)) expect(type).toBe('com.amazonaws.sqs#InvalidMessageContents');
      }),
      { numRuns: 30, examples: [[0], [8], [9], [0x1f], [0xd800], [0xfffe]] },
    );
  });

  it('has at most 1 MiB with its attributes', async () => {
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'x'.repeat(93) } };
    await send('x'.repeat(1024 * kibi - 100), { MessageAttributes });
    await expect(send('x'.repeat(1024 * kibi - 99), { MessageAttributes })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('shorter than 1048576 bytes'),
    });
  });
});

describe('a receive', () => {
  it.each<[string, Partial<ReceiveMessageCommandInput>]>([
    ['MaxNumberOfMessages', { MaxNumberOfMessages: 11 }],
    ['MaxNumberOfMessages', { MaxNumberOfMessages: 0 }],
    ['WaitTimeSeconds', { WaitTimeSeconds: 21 }],
    ['VisibilityTimeout', { VisibilityTimeout: 43_201 }],
  ])('has a bounded %s: %j', async (name, more) => {
    await expect(receive(more)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(`for parameter ${name} is invalid`),
    });
  });

  it('knows the names of system attributes, and nothing of FIFO queues', async () => {
    const names = ['Bogus'] as unknown as NonNullable<ReceiveMessageCommandInput['MessageSystemAttributeNames']>;
    await expect(receive({ MessageSystemAttributeNames: names })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute Bogus.',
    });
    await expect(receive({ ReceiveRequestAttemptId: 'x' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('not valid for this queue type'),
    });
  });

  it('waits for a message that is sent meanwhile, and no longer than it says', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await send('awaited');
    expect(await waiting).toEqual(['awaited']);
    const after = clock.after.bind(clock);
    clock.after = (ms, run) => {
      const cancel = after(ms, run);
      queueMicrotask(() => clock.advance(ms));
      return cancel;
    };
    const before = clock.now();
    expect(await bodies({ WaitTimeSeconds: 7 })).toEqual([]);
    expect(clock.now() - before).toBe(7000);
  });

  it('gives a receipt handle, and no other text is one', async () => {
    await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'mine' }))).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
  });
});

describe('a batch', () => {
  const batch = (...Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  it('is taken in part', async () => {
    const { Successful, Failed } = await batch(
      { Id: 'a', MessageBody: '1' },
      { Id: 'b', MessageBody: '2', DelaySeconds: 901 },
      { Id: 'c', MessageBody: '3' },
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
    const messages = await receive();
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          ...messages.map(({ ReceiptHandle }, at) => ({ Id: `m${at}`, ReceiptHandle })),
          { Id: 'x', ReceiptHandle: 'mine' },
        ],
      }),
    );
    expect(deleted.Successful).toHaveLength(2);
    expect(deleted.Failed).toMatchObject([{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it.each<[string, { Id: string; MessageBody: string }[], string]>([
    ['none', [], 'EmptyBatchRequest'],
    [
      'eleven',
      Array.from({ length: 11 }, (_, at) => ({ Id: `${at}`, MessageBody: 'x' })),
      'TooManyEntriesInBatchRequest',
    ],
    ['an odd id', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [
      'the same id twice',
      [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
    [
      'more than 1 MiB together',
      ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(513 * kibi) })),
      'BatchRequestTooLong',
    ],
  ])('with %s is refused as a whole', async (_, entries, name) => {
    await expect(batch(...entries)).rejects.toMatchObject({ name });
    expect(await counts()).toEqual([0, 0, 0]);
  });
});

it('purges a queue, and not again within 60 seconds', async () => {
  await send('a');
  const purge = () => client.send(new PurgeQueueCommand({ QueueUrl }));
  await purge();
  expect(await counts()).toEqual([0, 0, 0]);
  await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  clock.advance(60_000);
  await purge();
});

describe('a request', () => {
  /** As no SDK would send it. */
  async function call(operation: string, input: object) {
    const headers = { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
    return { status: answer.status, ...((await answer.json()) as { __type?: string; message?: string }) };
  }

  it.each([
    ['SendMessage', { MessageBody: 'x', DelaySecond: 5 }, 'DelaySecond of SendMessage'],
    ['SendMessageBatch', { Entries: [{ Id: 'a', MessageBody: 'x', Priority: 1 }] }, 'Priority of an entry of Send'],
    ['ReceiveMessage', { Filter: 'x' }, 'Filter of ReceiveMessage'],
    ['PurgeQueue', { All: false }, 'All of PurgeQueue'],
    [
      'SendMessage',
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: 'x', Kind: 1 } } },
      "Kind of the message attribute 'a'",
    ],
  ])('of %s with %j is refused, and does nothing', async (operation, more, told) => {
    await send('stays');
    expect(await call(operation, { QueueUrl, ...more })).toMatchObject({
      status: 400,
      __type: 'com.amazonaws.sqs#UnsupportedOperation',
      message: expect.stringContaining(`The local SQS does not know ${told}`),
    });
    expect(await counts()).toEqual([1, 0, 0]);
  });

  it('may have nulls for what it leaves out', async () => {
    const nulls = { DelaySeconds: null, MessageGroupId: null, MessageDeduplicationId: null, Other: null };
    expect((await call('SendMessage', { QueueUrl, MessageBody: 'x', ...nulls })).status).toBe(200);
  });

  it('for the sources of dead letters is answered in pages', async () => {
    const list = (NextToken?: string) =>
      client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: `${QueueUrl}-dead`, MaxResults: 1, NextToken }));
    expect(await list()).toMatchObject({ queueUrls: [QueueUrl] });
    expect((await list('signals')).queueUrls).toEqual([]);
  });
});
