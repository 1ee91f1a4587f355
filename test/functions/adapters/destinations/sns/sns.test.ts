import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from '@jest/globals';
import { snsDestination, snsEndpoints } from '../../../../../functions/adapters/destinations/sns/sns.js';
import { SnsApi } from '../../../../../local/sns/snsApi.js';
import type { DestinationAnswer } from '../../../../../shared/alerts/destination.js';
import { aRule } from '../../../../helpers/alerts.js';
import { anAlertPost, endpointsAt } from '../../../../helpers/posts.js';
import { startWebServer, type WebServer } from '../../../../helpers/webServer.js';

const topic = 'arn:aws:sns:eu-central-1:123456789012:alerts';
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

let server: WebServer | undefined;
afterEach(() => server?.stop());

/** Posts to an SNS that answers so. */
async function posted(status: number, body: string, to = topic): Promise<DestinationAnswer> {
  server = await startWebServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  const client = new SNSClient({ region: 'eu-central-1', endpoint: server.url, credentials, maxAttempts: 1 });
  const destination = snsDestination(endpointsAt(), [aRule()], async (TopicArn, email, abortSignal) => {
    await client.send(new PublishCommand({ TopicArn, Subject: email.subject, Message: email.message }), {
      abortSignal,
    });
  });
  return destination.post({ owner: 'team', name: 'the test', url: to }, anAlertPost(), AbortSignal.timeout(5000));
}

const error = (code: string, message = 'no') =>
  `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

describe('the answers of SNS', () => {
  // Codes and statuses: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
  it.each([
    [404, 'NotFound', 'refused', 'put another topic into the test'],
    [400, 'InvalidParameter', 'refused', 'see that arn:aws:sns'],
    [403, 'AuthorizationError', 'refused', 'deploy again after a change of routes'],
    [400, 'KMSAccessDenied', 'refused', 'kms:GenerateDataKey'],
    [400, 'EndpointDisabled', 'refused', 'EndpointDisabled'],
    [500, 'InternalError', 'unavailable', 'SNS of route team'],
    [503, 'ServiceUnavailable', 'unavailable', 'SNS of route team'],
  ])('%d %s: %s', async (status, code, result, reason) => {
    expect(await posted(status, error(code))).toEqual({ result, reason: expect.stringContaining(reason) });
  });

  it.each([
    [429, 'Throttled'],
    [400, 'Throttling'],
    [400, 'KMSThrottling'],
  ])('%d %s: a pause', async (status, code) => {
    expect(await posted(status, error(code))).toEqual({ result: 'throttled', retryAfter: expect.any(Number) });
  });

  it('is unavailable behind something that is no SNS', async () => {
    expect(await posted(502, '<html>Bad gateway</html>')).toMatchObject({ result: 'unavailable' });
  });
});

describe('the topic of a route', () => {
  it('is that of the configuration', async () => {
    const endpoints = snsEndpoints({ routes: { team: { sns: { topic } }, info: 'team', other: { fallback: 'team' } } });
    const endpointOf = (route: string) => endpoints.endpointOf(route, AbortSignal.timeout(1000), 'cached');
    expect(await endpointOf('team')).toEqual({ owner: 'team', name: endpoints.placeOf('team'), url: topic });
    expect(await Promise.all(['info', 'other', 'none'].map(endpointOf))).toEqual([undefined, undefined, undefined]);
  });
});

describe('the local SNS', () => {
  it('takes what is published, and refuses what SNS would', async () => {
    const taken: string[] = [];
    const api = new SnsApi(async ({ topic: to, subject }) => void taken.push(`${to} ${subject}`));
    const publish = async (form: Record<string, string>) => {
      const reply = await api.handle(new URLSearchParams({ Action: 'Publish', TopicArn: topic, ...form }).toString());
      return `${reply.status} ${/<Code>(.*)<\/Code>/.exec(String(reply.body))?.[1] ?? ''}`.trim();
    };
    expect(await publish({ Subject: 'one', Message: 'text' })).toBe('200');
    expect(await publish({ Subject: 'two\n', Message: 'text' })).toBe('400 InvalidParameter');
    expect(await publish({ Subject: 'x'.repeat(100), Message: 'text' })).toBe('400 InvalidParameter');
    expect(await publish({ Subject: 'ü', Message: 'text' })).toBe('400 InvalidParameter');
    expect(await publish({ Message: '' })).toBe('400 InvalidParameter');
    expect(await publish({ Message: 'é'.repeat(131_073) })).toBe('400 InvalidParameter');
    expect(await publish({ Message: 'text', TopicArn: 'alerts' })).toBe('400 InvalidParameter');
    expect(await publish({ Action: 'Subscribe' })).toBe('400 InvalidAction');
    expect(taken).toEqual([`${topic} one`]);
  });
});
