import * as sdk from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import { deadLettersArn } from '../helpers/sqsEndpoint.js';
import type { Probe } from './probe.js';

type Sqs = sdk.SQSClient;

async function urlOf(sqs: Sqs, QueueName = 'signals'): Promise<string> {
  return String((await sqs.send(new sdk.GetQueueUrlCommand({ QueueName }))).QueueUrl);
}

async function send(sqs: Sqs, MessageBody: string, more: Partial<sdk.SendMessageCommandInput> = {}) {
  return sqs.send(new sdk.SendMessageCommand({ QueueUrl: await urlOf(sqs), MessageBody, ...more }));
}

async function receive(sqs: Sqs, more: Partial<sdk.ReceiveMessageCommandInput> = {}) {
  const input = { QueueUrl: await urlOf(sqs), MaxNumberOfMessages: 10, ...more };
  return (await sqs.send(new sdk.ReceiveMessageCommand(input))).Messages ?? [];
}

/** Sends messages, receives them, and tells their handles. */
async function receipts(sqs: Sqs, bodies: readonly string[]): Promise<string[]> {
  await empty(sqs);
  for (const body of bodies) await send(sqs, body);
  return (await receive(sqs)).map(({ ReceiptHandle }) => String(ReceiptHandle));
}

/** Receives and deletes what can be received. */
async function empty(sqs: Sqs): Promise<void> {
  const QueueUrl = await urlOf(sqs);
  for (let found = await receive(sqs); found.length > 0; found = await receive(sqs)) {
    for (const { ReceiptHandle } of found) {
      await sqs.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const largest = 'x'.repeat(1024 * 1024);

const messages: readonly Probe<Sqs>[] = [
  {
    operation: 'SendMessage',
    what: 'up to 1 MiB, with attributes, an X-Ray header and a group',
    async run(sqs) {
      await empty(sqs);
      await send(sqs, 'sent', {
        MessageAttributes: { kind: { DataType: 'Number.int', StringValue: '7' } },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
        MessageGroupId: 'group',
      });
      expect(
        await receive(sqs, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] }),
      ).toMatchObject([
        {
          Body: 'sent',
          MessageAttributes: { kind: { DataType: 'Number.int', StringValue: '7' } },
          Attributes: { AWSTraceHeader: 'Root=1', MessageGroupId: 'group' },
        },
      ]);
      await send(sqs, largest);
      await expect(send(sqs, `${largest}x`)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    },
  },
  {
    operation: 'SendMessage',
    what: 'DelaySeconds',
    differs: 'A message that waits for its delay can be received at once after a restart.',
    async run(sqs) {
      await empty(sqs);
      await send(sqs, 'later', { DelaySeconds: 1 });
      expect(await receive(sqs)).toEqual([]);
    },
  },
  {
    operation: 'SendMessageBatch',
    what: 'up to 10 messages and 1 MiB, refused one by one',
    async run(sqs) {
      const sendBatch = async (Entries: sdk.SendMessageBatchRequestEntry[]) =>
        sqs.send(new sdk.SendMessageBatchCommand({ QueueUrl: await urlOf(sqs), Entries }));
      const entries = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'batch' }));
      await expect(sendBatch(entries)).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
      expect((await sendBatch(entries.slice(1))).Successful).toHaveLength(10);
      const halves = ['a', 'b'].map((Id) => ({ Id, MessageBody: largest.slice(0, largest.length / 2) }));
      expect((await sendBatch(halves)).Successful).toHaveLength(2);
      const more = [...halves, { Id: 'c', MessageBody: 'x' }];
      await expect(sendBatch(more)).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
      const odd = { Id: 'odd', MessageBody: '\u0000' };
      expect(await sendBatch([odd, { Id: 'even', MessageBody: 'x' }])).toMatchObject({
        Successful: [{ Id: 'even' }],
        Failed: [{ Id: 'odd', Code: 'InvalidMessageContents', SenderFault: true }],
      });
    },
  },
  {
    operation: 'ReceiveMessage',
    what: 'up to 10 messages, chosen attributes, VisibilityTimeout',
    async run(sqs) {
      await empty(sqs);
      await send(sqs, 'x', { MessageAttributes: { 'a.b': { DataType: 'String', StringValue: 'c' } } });
      const chosen = { MessageAttributeNames: ['a.*'], VisibilityTimeout: 0 };
      expect(await receive(sqs, chosen)).toMatchObject([{ MessageAttributes: { 'a.b': { StringValue: 'c' } } }]);
      const [{ Attributes } = {}] = await receive(sqs, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
      expect(Attributes).toEqual({ ApproximateReceiveCount: '2' });
    },
  },
  {
    operation: 'ReceiveMessage',
    what: 'WaitTimeSeconds',
    async run(sqs) {
      await empty(sqs);
      const waiting = receive(sqs, { WaitTimeSeconds: 20 });
      await send(sqs, 'awaited');
      expect(await waiting).toMatchObject([{ Body: 'awaited' }]);
    },
  },
  {
    operation: 'DeleteMessage',
    what: 'with the handle of the last receive',
    async run(sqs) {
      const [ReceiptHandle] = await receipts(sqs, ['deleted']);
      await sqs.send(new sdk.DeleteMessageCommand({ QueueUrl: await urlOf(sqs), ReceiptHandle }));
      const unreadable = new sdk.DeleteMessageCommand({ QueueUrl: await urlOf(sqs), ReceiptHandle: 'x' });
      await expect(sqs.send(unreadable)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    },
  },
  {
    operation: 'DeleteMessageBatch',
    what: 'up to 10 messages, refused one by one',
    async run(sqs) {
      const handles = [...(await receipts(sqs, ['a', 'b'])), 'x'];
      const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const QueueUrl = await urlOf(sqs);
      expect(await sqs.send(new sdk.DeleteMessageBatchCommand({ QueueUrl, Entries }))).toMatchObject({
        Successful: [{ Id: '0' }, { Id: '1' }],
        Failed: [{ Id: '2', Code: 'ReceiptHandleIsInvalid' }],
      });
    },
  },
  {
    operation: 'ChangeMessageVisibility',
    what: 'from 0 to 12 hours',
    async run(sqs) {
      const [ReceiptHandle] = await receipts(sqs, ['again']);
      const change = async (VisibilityTimeout: number) =>
        sqs.send(
          new sdk.ChangeMessageVisibilityCommand({ QueueUrl: await urlOf(sqs), ReceiptHandle, VisibilityTimeout }),
        );
      await expect(change(43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
      await change(43_200);
      await change(0);
      expect(await receive(sqs)).toMatchObject([{ Body: 'again' }]);
    },
  },
  {
    operation: 'ChangeMessageVisibilityBatch',
    what: 'up to 10 messages, refused one by one',
    async run(sqs) {
      const handles = [...(await receipts(sqs, ['a', 'b'])), 'x'];
      const Entries = handles.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      const QueueUrl = await urlOf(sqs);
      expect(await sqs.send(new sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))).toMatchObject({
        Successful: [{ Id: '0' }, { Id: '1' }],
        Failed: [{ Id: '2', Code: 'ReceiptHandleIsInvalid' }],
      });
      expect(await receive(sqs)).toHaveLength(2);
    },
  },
];

const queues: readonly Probe<Sqs>[] = [
  {
    operation: 'ListQueues',
    what: 'QueueNamePrefix, in pages',
    async run(sqs) {
      const page = await sqs.send(new sdk.ListQueuesCommand({ QueueNamePrefix: 'sig', MaxResults: 1 }));
      const { NextToken } = page;
      const rest = await sqs.send(new sdk.ListQueuesCommand({ QueueNamePrefix: 'sig', NextToken }));
      expect([page.QueueUrls, rest.QueueUrls]).toEqual([[await urlOf(sqs)], [await urlOf(sqs, 'signals-dead')]]);
    },
  },
  {
    operation: 'GetQueueUrl',
    what: 'by name and account',
    async run(sqs) {
      const ask = (input: sdk.GetQueueUrlCommandInput) => sqs.send(new sdk.GetQueueUrlCommand(input));
      const missing = { name: 'QueueDoesNotExist' };
      await ask({ QueueName: 'signals', QueueOwnerAWSAccountId: '000000000000' });
      await expect(ask({ QueueName: 'other' })).rejects.toMatchObject(missing);
      const foreign = ask({ QueueName: 'signals', QueueOwnerAWSAccountId: '111111111111' });
      await expect(foreign).rejects.toMatchObject(missing);
    },
  },
  {
    operation: 'GetQueueAttributes',
    what: 'one by one or all',
    async run(sqs) {
      const ask = async (...AttributeNames: sdk.QueueAttributeName[]) =>
        sqs.send(new sdk.GetQueueAttributesCommand({ QueueUrl: await urlOf(sqs), AttributeNames }));
      expect((await ask('VisibilityTimeout')).Attributes).toEqual({ VisibilityTimeout: '30' });
      expect((await ask('All')).Attributes).toMatchObject({
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLettersArn, maxReceiveCount: 2 }),
        ApproximateNumberOfMessages: expect.any(String),
      });
    },
  },
  {
    operation: 'PurgeQueue',
    what: 'once a minute',
    async run(sqs) {
      await send(sqs, 'purged');
      const purge = async () => sqs.send(new sdk.PurgeQueueCommand({ QueueUrl: await urlOf(sqs) }));
      await purge();
      expect(await receive(sqs)).toEqual([]);
      await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
    },
  },
  {
    operation: 'ListDeadLetterSourceQueues',
    what: 'all at once',
    async run(sqs) {
      const QueueUrl = await urlOf(sqs, 'signals-dead');
      const { queueUrls } = await sqs.send(new sdk.ListDeadLetterSourceQueuesCommand({ QueueUrl }));
      expect(queueUrls).toEqual([await urlOf(sqs)]);
    },
  },
  {
    operation: 'StartMessageMoveTask',
    what: 'dead letters, to where they came from or to another queue',
    differs: 'It is done with its answer, so CancelMessageMoveTask has nothing to cancel.',
    async run(sqs) {
      await empty(sqs);
      await send(sqs, 'dead');
      for (let times = 0; times < 3; times++) await receive(sqs, { VisibilityTimeout: 0 });
      await sqs.send(new sdk.StartMessageMoveTaskCommand({ SourceArn: deadLettersArn }));
      expect(await receive(sqs)).toMatchObject([{ Body: 'dead' }]);
    },
  },
  {
    operation: 'ListMessageMoveTasks',
    what: 'the latest ten since `up` started',
    async run(sqs) {
      const tasks = new sdk.ListMessageMoveTasksCommand({ SourceArn: deadLettersArn });
      expect((await sqs.send(tasks)).Results).toMatchObject([
        { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 },
      ]);
    },
  },
];

export const sqsProbes: readonly Probe<Sqs>[] = [...messages, ...queues];
