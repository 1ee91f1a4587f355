import { sqs } from '../../shared/limits.js';
import { propertiesOf, textOf } from '../firehose/destination/properties.js';
import type { Properties } from '../firehose/stream/streamConfig.js';

/** How a queue behaves; times are in ms. */
export interface QueueAttributes {
  readonly visibility: number;
  readonly delay: number;
  readonly retention: number;
  /** How long a receive waits for a message unless it says so itself. */
  readonly wait: number;
  /** Bytes of a message with its attributes. */
  readonly maxMessageBytes: number;
  readonly redrivePolicy?: Properties;
  readonly redriveAllowPolicy?: Properties;
}

/** Those of a queue whose template names none: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const defaultAttributes: QueueAttributes = {
  visibility: sqs.defaultVisibility,
  delay: 0,
  retention: sqs.defaultRetention,
  wait: 0,
  maxMessageBytes: sqs.maxMessageBytes,
};

/** The attributes of an AWS::SQS::Queue. */
export function attributesOf(properties: Properties): QueueAttributes {
  const numberOf = (name: string) => (properties[name] === undefined ? undefined : Number(textOf(properties[name])));
  const ms = (name: string, otherwise: number) => {
    const seconds = numberOf(name);
    return seconds === undefined ? otherwise : seconds * 1000;
  };
  const { RedrivePolicy, RedriveAllowPolicy } = properties;
  return {
    visibility: ms('VisibilityTimeout', defaultAttributes.visibility),
    delay: ms('DelaySeconds', defaultAttributes.delay),
    retention: ms('MessageRetentionPeriod', defaultAttributes.retention),
    wait: ms('ReceiveMessageWaitTimeSeconds', defaultAttributes.wait),
    maxMessageBytes: numberOf('MaximumMessageSize') ?? defaultAttributes.maxMessageBytes,
    ...(RedrivePolicy === undefined ? {} : { redrivePolicy: propertiesOf(RedrivePolicy) }),
    ...(RedriveAllowPolicy === undefined ? {} : { redriveAllowPolicy: propertiesOf(RedriveAllowPolicy) }),
  };
}
