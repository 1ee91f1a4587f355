import { lambda } from '../../shared/limits.js';
import type { StackEmitter } from '../events.js';
import { type Clock, pause } from '../firehose/clock.js';
import type { InvocationResult, Invoke } from '../lambda/invocation.js';
import { sqsUnits } from '../meter/requests.js';
import type { FolderQueue, QueuedMessage } from './folderQueue.js';
import { contentBytes, type MessageAttribute, md5OfBody } from './messageContent.js';
import { receiptHandle } from './receivedMessage.js';

interface ConsumerOptions {
  readonly queue: FolderQueue;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  /** Invocations at a time. */
  readonly concurrency: number;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly events: StackEmitter;
}

/** How long a drain waits for messages that were given back to come round again. */
const drainPatience = 10_000;

/** Works until no queue has anything more to receive, also of what the functions send to one another. */
export async function drainAll(consumers: readonly QueueConsumer[]): Promise<void> {
  do await Promise.all(consumers.map((consumer) => consumer.drain()));
  while (consumers.some((consumer) => consumer.busy));
}

/** Feeds a queue's messages to a function, as Lambda's event source mapping does. */
export class QueueConsumer {
  private readonly working = new Set<Promise<void>>();
  private cancelTimer: (() => void) | undefined;
  private stopped = false;

  constructor(private readonly options: ConsumerOptions) {
    options.queue.onSend(() => this.wake());
  }

  start(): void {
    this.wake();
  }

  /** Whether any of its messages is being worked on. */
  get busy(): boolean {
    return this.working.size > 0;
  }

  /** Works until the queue is empty; what keeps failing stays, for the next start. */
  async drain(): Promise<void> {
    const { queue, clock } = this.options;
    const end = clock.now() + drainPatience;
    for (;;) {
      this.wake();
      while (this.working.size > 0) await Promise.all(this.working);
      const next = queue.nextVisible;
      if (next === undefined || next > end) return;
      await pause(clock, Math.max(0, next - clock.now()));
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTimer?.();
    await Promise.all(this.working);
  }

  private wake(): void {
    if (this.stopped) return;
    this.cancelTimer?.();
    while (this.working.size < this.options.concurrency) {
      const worker = this.workOff().finally(() => {
        this.working.delete(worker);
        this.wakeLater();
      });
      this.working.add(worker);
    }
  }

  private wakeLater(): void {
    const { queue, clock } = this.options;
    const next = queue.nextVisible;
    if (next === undefined || this.stopped) return;
    this.cancelTimer?.();
    this.cancelTimer = clock.after(Math.max(0, next - clock.now()), () => this.wake());
  }

  private async workOff(): Promise<void> {
    const { queue, queueArn, batchSize, events } = this.options;
    try {
      let messages = await queue.receive(batchSize);
      while (messages.length > 0) {
        for (const batch of this.batchesOf(messages)) await this.consume(batch);
        messages = this.stopped ? [] : await queue.receive(batchSize);
      }
    } catch (error) {
      events.emit('problem', `the queue ${queueArn.split(':').at(-1)} could not be worked on: ${error}`);
    }
  }

  /** Lambda gathers no more than an event's payload holds: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  private batchesOf(messages: readonly QueuedMessage[]): QueuedMessage[][] {
    const batches: QueuedMessage[][] = [];
    let room = 0;
    for (const message of messages) {
      const bytes = Buffer.byteLength(JSON.stringify(this.record(message))) + 1;
      if (bytes > room) {
        batches.push([]);
        room = lambda.maxPayloadBytes - Buffer.byteLength('{"Records":[]}');
      }
      batches.at(-1)?.push(message);
      room -= bytes;
    }
    return batches;
  }

  private async consume(messages: readonly QueuedMessage[]): Promise<void> {
    const { queue, invoke, events } = this.options;
    // What Lambda's pollers would be billed for: one receive, and one delete of the batch.
    const received = messages.reduce((bytes, message) => bytes + contentBytes(message), 0);
    events.emit('requested', { service: 'sqs', units: sqsUnits(received) + 1 });
    const result = await invoke(
      JSON.stringify({ Records: messages.map((message) => this.record(message)) }),
      messages.length,
    );
    const failed = failedMessages(result, messages);
    for (const message of messages) {
      if (!failed.has(message.id)) {
        await queue.delete(message);
        continue;
      }
      const next = await queue.giveBack(message);
      if (next === 'dead') {
        events.emit('problem', `message ${message.id} failed ${message.receives} times and is with the dead letters`);
      }
    }
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
  private record(message: QueuedMessage) {
    const { id, sent, receives, firstReceived, body, attributes = {} } = message;
    return {
      messageId: id,
      receiptHandle: receiptHandle(message),
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sent),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: String(firstReceived),
      },
      messageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, told(value)])),
      md5OfBody: md5OfBody(body),
      eventSource: 'aws:sqs',
      eventSourceARN: this.options.queueArn,
      awsRegion: this.options.region,
    };
  }
}

function told({ DataType, StringValue, BinaryValue }: MessageAttribute) {
  const value = StringValue === undefined ? { binaryValue: BinaryValue } : { stringValue: StringValue };
  return { ...value, stringListValues: [], binaryListValues: [], dataType: DataType };
}

/**
 * Which messages come back. As Lambda has it, an answer that names an unknown or empty id fails the whole batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function failedMessages(result: InvocationResult, messages: readonly QueuedMessage[]): ReadonlySet<string> {
  const all = new Set(messages.map((message) => message.id));
  if (result.outcome !== 'returned') return all;
  const answer = JSON.parse(result.payload) as { readonly batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure: { readonly itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  return ids.every((id): id is string => typeof id === 'string' && all.has(id)) ? new Set(ids) : all;
}
