import { createHash } from 'node:crypto';
import { sqs } from '../../shared/limits.js';
import { AwsError, serializationError } from '../aws/awsError.js';
import { refuseOthers } from './members.js';

/** An attribute of a message as the API has it; a binary value is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = { readonly [name: string]: MessageAttribute };

/** What a sender says. */
export interface MessageContent {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly groupId?: string;
  /** For X-Ray. */
  readonly traceHeader?: string;
}

type Json = { readonly [member: string]: unknown };

/**
 * Reads what SendMessage, or an entry of SendMessageBatch, sends.
 *
 * @throws AwsError as SQS would.
 */
export function readContent(input: Json): MessageContent {
  const { MessageBody: body, MessageGroupId: groupId } = input;
  if (body === undefined || body === null || body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  if (typeof body !== 'string') throw serializationError('MessageBody must be a string');
  refuseOddCharacters(body);
  refuseOfFifo(input, 'MessageDeduplicationId');
  if (groupId !== undefined && groupId !== null && !(typeof groupId === 'string' && groupIdForm.test(groupId))) {
    throw invalidParameter(
      `Value ${groupId} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
  const attributes = attributesOf(input.MessageAttributes);
  const traceHeader = traceHeaderOf(input.MessageSystemAttributes);
  return {
    body,
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(typeof groupId === 'string' ? { groupId } : {}),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
}

/** @throws AwsError for a parameter that only FIFO queues have. */
export function refuseOfFifo(input: Json, name: string): void {
  const value = input[name];
  if (value === undefined || value === null) return;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  );
}

/** What counts against a message's limit: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function contentBytes({ body, attributes = {} }: MessageContent): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, 'base64').length,
    Buffer.byteLength(body),
  );
}

export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * The digest of attributes, in the order of their names.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes).sort(byName)) {
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    const binary = DataType.startsWith('Binary');
    hash.update(Buffer.of(binary ? 2 : 1));
    add(binary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? ''));
  }
  return hash.digest('hex');
}

/** A parameter that breaks a rule of the API's documentation. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

const groupIdForm = /^[!-~]{1,128}$/;

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** XML's characters, as the API reference of SendMessage lists them; half of a surrogate pair is none. */
function refuseOddCharacters(text: string): void {
  if (!/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text)) return;
  throw new AwsError(
    'com.amazonaws.sqs#InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );
}

function attributesOf(given: unknown): MessageAttributes {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given)) throw serializationError('Message attributes must be a map');
  const entries = Object.entries(given);
  if (entries.length > sqs.maxMessageAttributes) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${sqs.maxMessageAttributes}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, attribute]) => [name, attributeOf(name, attribute)]));
}

/** The only system attribute that a sender has: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageSystemAttributeValue.html */
function traceHeaderOf(given: unknown): string | undefined {
  const { AWSTraceHeader, ...others } = attributesOf(given);
  const [odd] = Object.keys(others);
  if (odd !== undefined) {
    throw invalidParameter(`Message system attribute name '${odd}' is invalid: AWSTraceHeader is the only one.`);
  }
  if (AWSTraceHeader && AWSTraceHeader.DataType !== 'String') {
    throw invalidParameter("The message system attribute 'AWSTraceHeader' must have the data type String.");
  }
  return AWSTraceHeader?.StringValue;
}

const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function attributeOf(name: string, given: unknown): MessageAttribute {
  refuseOthers(given ?? {}, attributeMembers, `the message attribute '${name}'`);
  const { DataType, StringValue, BinaryValue, ...others } = (given ?? {}) as Json;
  if (!attributeName.test(name) || /^(?:aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid: it has 1 to 256 letters, digits, hyphens, underscores and single periods between them, and does not begin with AWS. or Amazon.`,
    );
  }
  if (typeof DataType !== 'string' || !/^(?:String|Number|Binary)(?:\..{1,249})?$/.test(DataType)) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  for (const list of ['StringListValues', 'BinaryListValues']) {
    if (Array.isArray(others[list]) && others[list].length > 0) {
      throw new AwsError(
        'com.amazonaws.sqs#UnsupportedOperation',
        `Message attribute list values in SendMessage operation are not supported.`,
      );
    }
  }
  const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
  if (typeof value !== 'string' || value === '') {
    const type = DataType.split('.')[0];
    throw invalidParameter(
      `The message attribute '${name}' must contain a non-empty value for message attribute type '${type}'.`,
    );
  }
  const other = DataType.startsWith('Binary') ? StringValue : BinaryValue;
  if (other !== undefined && other !== null) {
    throw invalidParameter(`The message attribute '${name}' has a value of another type than ${DataType}.`);
  }
  if (DataType.startsWith('Binary')) {
    if (!isBase64.test(value)) throw invalidParameter(`The message attribute '${name}' holds no base64.`);
    return { DataType, BinaryValue: value };
  }
  refuseOddCharacters(value);
  if (DataType.startsWith('Number') && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType, StringValue: value };
}

const attributeMembers = ['DataType', 'StringValue', 'BinaryValue', 'StringListValues', 'BinaryListValues'];

const attributeName = /^(?=.{1,256}$)[\w-]+(?:\.[\w-]+)*$/;
