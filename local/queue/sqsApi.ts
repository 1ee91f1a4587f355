import { randomUUID } from 'node:crypto';
import { sqs } from '../../shared/limits.js';
import { AwsError } from '../aws/awsError.js';
import { type Clock, systemClock } from '../firehose/clock.js';
import { eachEntry, entriesOf } from './batch.js';
import type { FolderQueue } from './folderQueue.js';
import { refuseUnknownMembers } from './members.js';
import {
  contentBytes,
  invalidParameter,
  type MessageAttributes,
  type MessageContent,
  md5OfAttributes,
  md5OfBody,
  readContent,
  refuseOfFifo,
} from './messageContent.js';
import { integer, type Json, requiredText, texts } from './parameters.js';
import { describeQueue } from './queueDescription.js';
import { received, systemNamesOf } from './receivedMessage.js';

export interface SqsPlace {
  readonly region: string;
  readonly accountId: string;
  readonly clock?: Clock;
}

type Operation = (input: Json, endpoint: string) => Promise<Json> | Json;

/**
 * The SQS API over the queues of the template and their dead letters, in AWS JSON 1.0.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 */
export class SqsApi {
  private readonly queues: ReadonlyMap<string, FolderQueue>;
  private readonly clock: Clock;
  /** When each queue was purged last. */
  private readonly purges = new Map<string, number>();
  private readonly moves: Json[] = [];

  /** @param queues by name, the last part of a queue's URL. */
  constructor(
    queues: ReadonlyMap<string, FolderQueue>,
    private readonly place: SqsPlace = { region: 'us-east-1', accountId: '000000000000' },
  ) {
    this.queues = new Map(
      [...queues].flatMap(([name, queue]) => [
        [name, queue] as const,
        ...(queue.deadLetters ? [[deadLetterName(name, queue), queue.deadLetters] as const] : []),
      ]),
    );
    this.clock = place.clock ?? systemClock;
  }

  /**
   * @param endpoint under which the client reached it, which begins the queues' URLs
   * @throws AwsError with the code and text of AWS.
   */
  async handle(operation: string, input: Json, endpoint = 'http://127.0.0.1'): Promise<Json> {
    const known = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (known) {
      refuseUnknownMembers(operation, input);
      return known(input, endpoint);
    }
    if (unsupported.has(operation)) {
      throw new AwsError(
        'com.amazonaws.sqs#UnsupportedOperation',
        `The local SQS has the queues of the template as they are there, and no ${operation}.`,
      );
    }
    throw new AwsError('UnknownOperationException', `The local SQS does not know ${operation}.`);
  }

  private readonly operations: { readonly [operation: string]: Operation | undefined } = {
    ListQueues: (input, endpoint) => this.listQueues(input, endpoint),
    GetQueueUrl: (input, endpoint) => this.queueUrl(input, endpoint),
    GetQueueAttributes: (input) => this.attributes(input),
    SendMessage: (input) => this.send(this.queueOf(input), input),
    SendMessageBatch: (input) => this.sendBatch(input),
    ReceiveMessage: (input) => this.receive(input),
    DeleteMessage: (input) => this.delete(this.queueOf(input), input),
    DeleteMessageBatch: (input) => {
      const queue = this.queueOf(input);
      return eachEntry(input, 'DeleteMessageBatchRequest', (entry) => this.delete(queue, entry));
    },
    ChangeMessageVisibility: (input) => this.changeVisibility(this.queueOf(input), input),
    ChangeMessageVisibilityBatch: (input) => {
      const queue = this.queueOf(input);
      return eachEntry(input, 'ChangeMessageVisibilityBatchRequest', (entry) => this.changeVisibility(queue, entry));
    },
    PurgeQueue: (input) => this.purge(input),
    ListDeadLetterSourceQueues: (input, endpoint) => this.listSources(input, endpoint),
    StartMessageMoveTask: (input) => this.startMove(input),
    ListMessageMoveTasks: (input) => this.listMoves(input),
  };

  private listQueues(input: Json, endpoint: string): Json {
    const prefix = String(input.QueueNamePrefix ?? '');
    const { page, next } = pageOf(
      [...this.queues.keys()].filter((name) => name.startsWith(prefix)),
      input,
    );
    return { QueueUrls: page.map((name) => this.urlOf(name, endpoint)), ...next };
  }

  private queueUrl(input: Json, endpoint: string): Json {
    const name = this.named(requiredText(input, 'QueueName'));
    const owner = input.QueueOwnerAWSAccountId ?? this.place.accountId;
    return owner === this.place.accountId ? { QueueUrl: this.urlOf(name, endpoint) } : this.missing();
  }

  private attributes(input: Json): Json {
    const queue = this.queueOf(input);
    const arn = this.arnOf(this.nameOf(queue));
    return { Attributes: describeQueue(queue, arn, texts(input, 'AttributeNames')) };
  }

  private async send(queue: FolderQueue, input: Json): Promise<Json> {
    const content = readContent(input);
    const seconds = integer(input, 'DelaySeconds', 0, sqs.maxDelay / 1000);
    const most = queue.attributes.maxMessageBytes;
    if (contentBytes(content) > most) {
      throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
    }
    const id = await queue.send(content, seconds === undefined ? undefined : seconds * 1000);
    return { MessageId: id, ...digests(content) };
  }

  private async sendBatch(input: Json): Promise<Json> {
    const queue = this.queueOf(input);
    const request = 'SendMessageBatchRequest';
    const bytes = entriesOf(input, request).reduce((sum, entry) => sum + sentBytes(entry), 0);
    if (bytes > sqs.maxMessageBytes) {
      throw new AwsError(
        'com.amazonaws.sqs#BatchRequestTooLong',
        `Batch requests cannot be longer than ${sqs.maxMessageBytes} bytes. You have sent ${bytes} bytes.`,
      );
    }
    return eachEntry(input, request, (entry) => this.send(queue, entry));
  }

  private async receive(input: Json): Promise<Json> {
    const queue = this.queueOf(input);
    const most = integer(input, 'MaxNumberOfMessages', 1, sqs.maxBatchEntries) ?? 1;
    const seconds = integer(input, 'VisibilityTimeout', 0, sqs.maxVisibility / 1000);
    const visibility = seconds === undefined ? queue.attributes.visibility : seconds * 1000;
    const wait = integer(input, 'WaitTimeSeconds', 0, sqs.maxWait / 1000);
    const systemNames = systemNamesOf(input);
    const names = texts(input, 'MessageAttributeNames');
    refuseOfFifo(input, 'ReceiveRequestAttemptId');
    const end = this.clock.now() + (wait === undefined ? queue.attributes.wait : wait * 1000);
    let messages = await queue.receive(most, visibility);
    while (messages.length === 0 && this.clock.now() < end) {
      await this.change(queue, end);
      messages = await queue.receive(most, visibility);
    }
    if (messages.length === 0) return {};
    return { Messages: messages.map((message) => received(message, systemNames, names)) };
  }

  /** Resolves when there may be something to receive, or at the end. */
  private change(queue: FolderQueue, end: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        forget();
        resolve();
      };
      const forget = queue.onSend(done);
      const next = Math.min(queue.nextVisible ?? end, end);
      const cancel = this.clock.after(Math.max(1, next - this.clock.now()), done);
    });
  }

  private async delete(queue: FolderQueue, input: Json): Promise<Json> {
    const { id, receipt } = handleOf(input);
    await queue.deleteReceived(id, receipt);
    return {};
  }

  private changeVisibility(queue: FolderQueue, input: Json): Json {
    const handle = requiredText(input, 'ReceiptHandle');
    const { id, receipt } = handleOf(input);
    const seconds = integer(input, 'VisibilityTimeout', 0, sqs.maxVisibility / 1000);
    if (seconds === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
    }
    const found = queue.changeVisibility(id, receipt, seconds * 1000);
    if (found === 'done') return {};
    const why = 'Message does not exist or is not available for visibility timeout change.';
    const problem = `Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${why}`;
    throw found === 'gone' ? invalidParameter(problem) : new AwsError('com.amazonaws.sqs#MessageNotInflight', problem);
  }

  private async purge(input: Json): Promise<Json> {
    const queue = this.queueOf(input);
    const name = this.nameOf(queue);
    const now = this.clock.now();
    if (now - (this.purges.get(name) ?? Number.NEGATIVE_INFINITY) < sqs.purgeWindow) {
      throw new AwsError(
        'com.amazonaws.sqs#PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${name} is allowed every ${sqs.purgeWindow / 1000} seconds.`,
      );
    }
    this.purges.set(name, now);
    await queue.purge();
    return {};
  }

  private listSources(input: Json, endpoint: string): Json {
    const queue = this.queueOf(input);
    const sources = [...this.queues].filter(([, { deadLetters }]) => deadLetters === queue);
    const { page, next } = pageOf(
      sources.map(([name]) => name),
      input,
    );
    return { queueUrls: page.map((name) => this.urlOf(name, endpoint)), ...next };
  }

  /** Moves dead letters back; all at once, where SQS takes its time. */
  private async startMove(input: Json): Promise<Json> {
    const source = this.atArn(requiredText(input, 'SourceArn'));
    const [first] = [...this.queues].filter(([, { deadLetters }]) => deadLetters === source);
    if (!first) throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    integer(input, 'MaxNumberOfMessagesPerSecond', 1, 500);
    const given = input.DestinationArn === undefined ? undefined : requiredText(input, 'DestinationArn');
    const target = given === undefined ? first[1] : this.atArn(given);
    const StartedTimestamp = this.clock.now();
    const moved = await source.moveAll(target);
    const TaskHandle = Buffer.from(randomUUID()).toString('base64');
    this.moves.unshift({
      Status: 'COMPLETED',
      SourceArn: input.SourceArn,
      ...(given === undefined ? {} : { DestinationArn: given }),
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: moved,
      StartedTimestamp,
    });
    return { TaskHandle };
  }

  private listMoves(input: Json): Json {
    const arn = requiredText(input, 'SourceArn');
    this.atArn(arn);
    const most = integer(input, 'MaxResults', 1, 10) ?? 1;
    return { Results: this.moves.filter(({ SourceArn }) => SourceArn === arn).slice(0, most) };
  }

  private queueOf(input: Json): FolderQueue {
    return this.queues.get(this.named(requiredText(input, 'QueueUrl').split('/').at(-1) ?? '')) ?? this.missing();
  }

  private atArn(arn: string): FolderQueue {
    const [name] = [...this.queues.keys()].filter((each) => this.arnOf(each) === arn);
    const queue = name === undefined ? undefined : this.queues.get(name);
    if (queue) return queue;
    throw new AwsError(
      'com.amazonaws.sqs#ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  }

  private named(name: string): string {
    return this.queues.has(name) ? name : this.missing();
  }

  private missing(): never {
    throw new AwsError('com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.');
  }

  private nameOf(queue: FolderQueue): string {
    return [...this.queues].find(([, each]) => each === queue)?.[0] ?? this.missing();
  }

  private arnOf(name: string): string {
    return `arn:aws:sqs:${this.place.region}:${this.place.accountId}:${name}`;
  }

  private urlOf(name: string, endpoint: string): string {
    return `${endpoint}/${this.place.accountId}/${name}`;
  }
}

/** A page of names in order, and where the next one begins. */
function pageOf(names: readonly string[], input: Json): { readonly page: string[]; readonly next: Json } {
  const most = integer(input, 'MaxResults', 1, 1000) ?? 1000;
  const after = String(input.NextToken ?? '');
  const rest = names.filter((name) => name > after).sort();
  const page = rest.slice(0, most);
  return { page, next: rest.length > page.length ? { NextToken: page.at(-1) } : {} };
}

/** What SQS has, and queues that a template makes have not. */
const unsupported = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
]);

function deadLetterName(name: string, { attributes }: FolderQueue): string {
  return (
    String(attributes.redrivePolicy?.deadLetterTargetArn ?? `${name}-dead`)
      .split(':')
      .at(-1) ?? ''
  );
}

function sentBytes(entry: Json): number {
  const { MessageBody: body, MessageAttributes: attributes } = entry;
  if (typeof body !== 'string') return 0;
  const counted = attributes !== null && typeof attributes === 'object' ? (attributes as MessageAttributes) : {};
  return contentBytes({ body, attributes: counted });
}

function digests({ body, attributes, traceHeader }: MessageContent): Json {
  const header = { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader ?? '' } };
  return {
    MD5OfMessageBody: md5OfBody(body),
    ...(attributes === undefined ? {} : { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    ...(traceHeader === undefined ? {} : { MD5OfMessageSystemAttributes: md5OfAttributes(header) }),
  };
}

/** @throws AwsError when it is no receipt handle of this queue's kind. */
function handleOf(input: Json): { readonly id: string; readonly receipt: string } {
  const handle = requiredText(input, 'ReceiptHandle');
  const uuid = '([0-9a-f-]{36})';
  const [, id, receipt] = new RegExp(`^${uuid} ${uuid}$`).exec(Buffer.from(handle, 'base64').toString()) ?? [];
  if (id !== undefined && receipt !== undefined) return { id, receipt };
  throw new AwsError(
    'com.amazonaws.sqs#ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}
