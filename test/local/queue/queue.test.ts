import { EventEmitter } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { StackEmitter } from '../../../local/events.js';
import type { InvocationResult } from '../../../local/lambda/invocation.js';
import { QueueConsumer } from '../../../local/queue/consumer.js';
import { FolderQueue } from '../../../local/queue/folderQueue.js';
import { SqsApi } from '../../../local/queue/sqsApi.js';
import { sqs } from '../../../shared/limits.js';
import { FakeClock } from '../../helpers/fakeClock.js';
import { tempFolder } from '../../helpers/tempFolder.js';

async function openQueue(folder: string, clock = new FakeClock(), maxReceives = 3): Promise<FolderQueue> {
  const now = () => clock.now();
  const deadLetters = await FolderQueue.open({ folder: join(folder, 'dead'), now });
  return FolderQueue.open({ folder: join(folder, 'live'), deadLetters, maxReceives, now });
}

describe('FolderQueue', () => {
  it('hands out what it acknowledged, oldest first, after a restart too', async () => {
    const folder = await tempFolder();
    const clock = new FakeClock();
    const first = await openQueue(folder, clock);
    await first.send('a');
    clock.advance(1);
    await first.send('b');
    await first.receive(1);

    const second = await openQueue(folder, clock);
    const messages = await second.receive(10);
    expect(messages.map(({ body, receives }) => [body, receives])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    for (const message of messages) await second.delete(message);
    expect((await openQueue(folder, clock)).size).toBe(0);
  });

  it('waits longer before each redelivery and sets a message aside after the last', async () => {
    const folder = await tempFolder();
    const clock = new FakeClock();
    const queue = await openQueue(folder, clock);
    await queue.send('poison');
    const waits = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      const [message] = await queue.receive(1);
      if (!message) throw new Error('nothing to receive');
      expect(await queue.receive(1)).toEqual([]);
      const next = await queue.giveBack(message);
      if (next === 'dead') break;
      waits.push(Number(queue.nextVisible) - clock.now());
      expect(await queue.receive(1)).toEqual([]);
      clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([1000, 2000]);
    expect(queue.size).toBe(0);
    expect(await readdir(join(folder, 'dead'))).toHaveLength(1);
  });

  it('forgets a message that was never wholly written', async () => {
    const folder = await tempFolder();
    await openQueue(folder);
    await writeFile(join(folder, 'live', '1-00000000-0000-4000-8000-000000000000.0.json.new'), 'hal');
    expect((await openQueue(folder)).size).toBe(0);
    expect(await readdir(join(folder, 'live'))).toEqual([]);
  });
});

describe('QueueConsumer', () => {
  /** A consumer over a queue with these messages, whose function answers each invocation with the next result. */
  async function consume(bodies: readonly string[], results: readonly ((ids: string[]) => InvocationResult)[]) {
    const clock = new FakeClock();
    const queue = await openQueue(await tempFolder(), clock);
    for (const body of bodies) await queue.send(body);
    const invocations: {
      messageId: string;
      receiptHandle: string;
      body: string;
      attributes: { ApproximateReceiveCount: string };
      eventSource: string;
    }[][] = [];
    const events: StackEmitter = new EventEmitter();
    const problems: string[] = [];
    events.on('problem', (problem) => problems.push(problem));
    const consumer = new QueueConsumer({
      queue,
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:signals',
      region: 'us-east-1',
      batchSize: 10,
      concurrency: 1,
      clock,
      events,
      invoke: async (event) => {
        const { Records } = JSON.parse(event);
        const result = results[invocations.length] ?? results.at(-1);
        invocations.push(Records);
        return result?.(Records.map(({ messageId }: { messageId: string }) => messageId)) ?? answer(null);
      },
    });
    // The pauses of a drain pass at once.
    const after = clock.after.bind(clock);
    clock.after = (ms, run) => {
      const cancel = after(ms, run);
      queueMicrotask(() => clock.advance(ms));
      return cancel;
    };
    await consumer.drain();
    await consumer.stop();
    return {
      queue,
      invocations: invocations.map((records) => records.map(({ body }) => body)),
      invocationRecords: invocations,
      problems,
    };
  }
  const answer = (value: unknown): InvocationResult => ({ outcome: 'returned', payload: JSON.stringify(value) });

  it('invokes with a batch and deletes what succeeded', async () => {
    const { queue, invocations, invocationRecords } = await consume(
      ['a', 'b'],
      [() => answer({ batchItemFailures: [] })],
    );
    expect(invocations).toEqual([['a', 'b']]);
    expect(invocationRecords[0]?.[0]).toMatchObject({
      eventSource: 'aws:sqs',
      attributes: { ApproximateReceiveCount: '1' },
    });
    // As the API of the queue reads it: a function may change when a message comes back.
    const { messageId, receiptHandle = '' } = invocationRecords[0]?.[0] ?? {};
    expect(Buffer.from(receiptHandle, 'base64').toString()).toMatch(new RegExp(`^${messageId} [0-9a-f-]{36}$`));
    expect(queue.size).toBe(0);
  });

  it("gathers no more than an event's payload holds", async () => {
    const half = 'x'.repeat(3 * 1024 * 1024);
    const { queue, invocations } = await consume(['a', half, half, 'b'], [() => answer(null)]);
    expect(invocations).toEqual([
      ['a', half],
      [half, 'b'],
    ]);
    expect(queue.size).toBe(0);
  });

  it('redelivers only the messages that the function names', async () => {
    const { queue, invocations } = await consume(
      ['a', 'b'],
      [([first]) => answer({ batchItemFailures: [{ itemIdentifier: first }] }), () => answer({})],
    );
    expect(invocations).toEqual([['a', 'b'], ['a']]);
    expect(queue.size).toBe(0);
  });

  it.each<[string, InvocationResult]>([
    ['throws', { outcome: 'threw', errorType: 'Error', message: '' }],
    ['times out', { outcome: 'timed out', afterMs: 1 }],
    ['names an unknown message', { outcome: 'returned', payload: '{"batchItemFailures":[{"itemIdentifier":"x"}]}' }],
    ['names none', { outcome: 'returned', payload: '{"batchItemFailures":[{"itemIdentifier":""}]}' }],
  ])('redelivers the whole batch when the function %s', async (_, result) => {
    const { invocations } = await consume(['a', 'b'], [() => result, () => answer({})]);
    expect(invocations).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('has as many invocations at a time as it may, and gives no message to two of them', async () => {
    const clock = new FakeClock();
    const queue = await openQueue(await tempFolder(), clock);
    for (const body of ['a', 'b', 'c', 'd', 'e']) await queue.send(body);
    const seen: string[] = [];
    let running = 0;
    let most = 0;
    let meet = () => {};
    const twoAtOnce = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const consumer = new QueueConsumer({
      queue,
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:signals',
      region: 'us-east-1',
      batchSize: 1,
      concurrency: 2,
      clock,
      events: new EventEmitter(),
      invoke: async (event) => {
        const [{ body }] = JSON.parse(event).Records;
        seen.push(body);
        most = Math.max(most, ++running);
        if (running === 2) meet();
        await twoAtOnce;
        running--;
        return answer({});
      },
    });
    await consumer.drain();
    await consumer.stop();
    expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(most).toBe(2);
    expect(queue.size).toBe(0);
  });

  it('says which message ended with the dead letters', async () => {
    const { queue, problems } = await consume(['a'], [() => ({ outcome: 'threw', errorType: 'Error', message: '' })]);
    expect(queue.size).toBe(0);
    expect(problems).toEqual([expect.stringMatching(/^message [0-9a-f-]{36} failed 3 times/)]);
  });
});

describe('SqsApi', () => {
  it('refuses unknown queues, empty and oversized messages', async () => {
    const api = new SqsApi(new Map([['signals', await openQueue(await tempFolder())]]));
    const send = (QueueUrl: string, MessageBody: string) => api.handle('SendMessage', { QueueUrl, MessageBody });
    await expect(send('http://h/0/signals', 'x')).resolves.toMatchObject({
      MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6',
    });
    await expect(send('http://h/0/other', 'x')).rejects.toMatchObject({ code: 'com.amazonaws.sqs#QueueDoesNotExist' });
    await expect(send('http://h/0/signals', '')).rejects.toMatchObject({ code: 'MissingParameter' });
    await expect(send('http://h/0/signals', 'x'.repeat(sqs.maxMessageBytes + 1))).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
    await expect(api.handle('PurgeQueues', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });
});
