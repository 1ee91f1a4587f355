import { AwsError } from '../aws/awsError.js';
import type { QueuedMessage } from './folderQueue.js';
import { md5OfAttributes, md5OfBody } from './messageContent.js';
import { type Json, texts } from './parameters.js';

/**
 * The names of system attributes that a receive asks for, under the older or the newer name of the parameter.
 *
 * @throws AwsError for a name that is none.
 */
export function systemNamesOf(input: Json): readonly string[] {
  const names = [...texts(input, 'AttributeNames'), ...texts(input, 'MessageSystemAttributeNames')];
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return names;
  throw new AwsError('com.amazonaws.sqs#InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}

/** Every name that the API has, also of attributes that messages of these queues don't have. */
const known = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);

/** A message as a receive tells it, with the attributes that were asked for. */
export function received(message: QueuedMessage, systemNames: readonly string[], names: readonly string[]): Json {
  const { id, body, attributes = {} } = message;
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const own = Object.entries(attributes).filter(([name]) => names.some((asked) => asksFor(asked, name)));
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: md5OfBody(body),
    Body: body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(own.length === 0
      ? {}
      : {
          MessageAttributes: Object.fromEntries(own),
          MD5OfMessageAttributes: md5OfAttributes(Object.fromEntries(own)),
        }),
  };
}

/** What deletes a message or changes when it comes back: for whoever it was handed out to last. */
export function receiptHandle({ id, receipt }: Pick<QueuedMessage, 'id' | 'receipt'>): string {
  return Buffer.from(`${id} ${receipt}`).toString('base64');
}

function systemAttributes({ sent, receives, firstReceived, groupId, traceHeader }: QueuedMessage) {
  return {
    SenderId: 'local',
    SentTimestamp: String(sent),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceived),
    ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    ...(traceHeader === undefined ? {} : { AWSTraceHeader: traceHeader }),
  };
}

/** `All` and `.*` ask for every attribute, `prefix.*` for those that begin with the prefix. */
function asksFor(asked: string, name: string): boolean {
  if (asked === 'All' || asked === '.*') return true;
  return asked.endsWith('.*') ? name.startsWith(asked.slice(0, -2)) : asked === name;
}
