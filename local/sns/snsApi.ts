import { randomUUID } from 'node:crypto';
import { sns } from '../../shared/limits.js';
import { topicProblem } from '../../shared/webhook/topic.js';
import type { Reply } from '../aws/reply.js';

/** What was published to a topic. */
export interface Published {
  readonly topic: string;
  readonly subject: string;
  readonly message: string;
}

/**
 * What destinations ask of SNS: Publish, in the query protocol. Any topic is there.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export class SnsApi {
  /** @param published told of what was taken, before it is answered. */
  constructor(private readonly published: (message: Published) => Promise<void>) {}

  async handle(body: string): Promise<Reply> {
    const form = new URLSearchParams(body);
    const action = form.get('Action');
    if (action !== 'Publish') {
      return refusal(400, 'InvalidAction', `The local SNS publishes, and knows no ${action}.`);
    }
    const [topic, subject, message] = ['TopicArn', 'Subject', 'Message'].map((name) => form.get(name) ?? '');
    const problem = problemOf(topic ?? '', form.has('Subject') ? subject : undefined, message ?? '');
    if (problem !== undefined) return refusal(400, 'InvalidParameter', `Invalid parameter: ${problem}`);
    await this.published({ topic: topic ?? '', subject: subject ?? '', message: message ?? '' });
    return xml(
      200,
      `<PublishResponse ${namespace}><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`,
    );
  }
}

function problemOf(topic: string, subject: string | undefined, message: string): string | undefined {
  if (topicProblem(topic) !== undefined) return 'TopicArn';
  if (message === '') return 'Empty message';
  if (Buffer.byteLength(message) > sns.maxMessageBytes) return 'Message too long';
  if (subject === undefined) return undefined;
  return subject.length <= sns.maxSubject && isLine.test(subject) ? undefined : 'Subject';
}

/** ASCII that begins with a letter, a number or punctuation, without control characters. */
const isLine = /^[\x21-\x7e][\x20-\x7e]*$/;

const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

function refusal(status: number, code: string, message: string): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return xml(status, `<ErrorResponse ${namespace}>${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function xml(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
