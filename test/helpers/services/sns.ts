import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { snsDestination } from '../../../functions/adapters/destinations/sns/sns.js';
import { SnsApi } from '../../../local/sns/snsApi.js';
import { endpointsAt } from '../posts.js';
import { type Answer, type Asked, type Service, secretKey } from './service.js';

const topic = 'arn:aws:sns:eu-central-1:123456789012:alerts';
const api = new SnsApi(async () => undefined);

/** Publish, by the client that posts: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const sns: Service = {
  name: 'SNS',
  at(url, rules) {
    const credentials = { accessKeyId: 'any', secretAccessKey: secretKey };
    const client = new SNSClient({ region: 'eu-central-1', endpoint: url, credentials, maxAttempts: 1 });
    return {
      destination: snsDestination(endpointsAt(), rules, async (TopicArn, { subject, message }, abortSignal) => {
        await client.send(new PublishCommand({ TopicArn, Subject: subject, Message: message }), { abortSignal });
      }),
      endpoint: { owner: 'oncall', name: 'the test', url: topic },
    };
  },
  async take({ body }) {
    const reply = await api.handle(body);
    return { ...reply, body: String(reply.body) };
  },
  answers: [
    [error(400, 'InvalidParameter'), 'refused'],
    [error(401, 'AuthFailure'), 'refused'],
    [error(403, 'AuthorizationError'), 'refused'],
    [error(403, 'InvalidClientTokenId'), 'refused'],
    [error(404, 'NotFound'), 'refused'],
    [error(413, 'RequestEntityTooLarge'), 'refused'],
    [error(400, 'Throttling'), 'throttled'],
    [error(429, 'Throttled'), 'throttled'],
    [error(500, 'InternalError'), 'unavailable'],
    [error(503, 'ServiceUnavailable'), 'unavailable'],
  ],
  refuses: [
    ['a subject of two lines', asked({ Subject: 'a\nb' }), 400],
    ['a subject that is too long', asked({ Subject: 'x'.repeat(100) }), 400],
    ['a message that is too long', asked({ Message: 'x'.repeat(256 * 1024 + 1) }), 400],
    ['a message that is empty', asked({ Message: '' }), 400],
  ],
};

function error(status: number, code: string): Answer {
  const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function asked(changes: Readonly<Record<string, string>>): Asked {
  const form = { Action: 'Publish', TopicArn: topic, Subject: 'a title', Message: 'text', ...changes };
  return { path: '', headers: {}, body: new URLSearchParams(form).toString() };
}
