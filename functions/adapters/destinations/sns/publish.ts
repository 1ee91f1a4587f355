import type { SNSClient } from '@aws-sdk/client-sns';
import type { Email } from '../../../../shared/webhook/email.js';
import { regionOf } from '../../../../shared/webhook/topic.js';

/** Makes one attempt to publish to the topic of this ARN. @throws what the client of SNS does. */
export type Publish = (topic: string, email: Email, signal: AbortSignal) => Promise<void>;

/** One for each region: a topic is published to in its own. */
const clients = new Map<string, SNSClient>();

/** The client is loaded when first needed, because most deployments have no such route. */
export const publishToTopic: Publish = async (topic, { subject, message }, signal) => {
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
  const region = regionOf(topic);
  // Who calls decides when to try again.
  const client = clients.get(region) ?? new SNSClient({ region, maxAttempts: 1 });
  clients.set(region, client);
  await client.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: message }), {
    abortSignal: signal,
  });
};
