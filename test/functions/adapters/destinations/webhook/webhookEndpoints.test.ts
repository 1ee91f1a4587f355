import { describe, expect, it } from '@jest/globals';
import { webhookEndpoints } from '../../../../../functions/adapters/destinations/webhook/webhookEndpoints.js';
import type { Parameters } from '../../../../../functions/adapters/parameters.js';
import type { WebhookSettings } from '../../../../../shared/rules/language/alertsConfig.js';

const signal = new AbortController().signal;
const aws = { WEBHOOK_PARAMETER_PREFIX: '/f/prod/webhook/' };
const literal = 'alerts.routes.ops of infra/firesplit.yml';

function endpointsOf(webhook: string | WebhookSettings, env: Record<string, string> = aws) {
  const stored: Record<string, string> = {
    '/f/prod/webhook/ops-url': 'https://example.com/secret',
    '/f/prod/webhook/ops-token': 'abc',
  };
  const parameters: Parameters = { read: async (name) => stored[name] };
  return webhookEndpoints({ routes: { critical: 'ops', ops: { webhook } } }, env, parameters);
}

describe('webhookEndpoints', () => {
  it.each<[string | WebhookSettings, string, string, Record<string, string>]>([
    ['https://example.com/hook', 'https://example.com/hook', literal, {}],
    [
      { url: 'https://example.com/hook', headers: { 'x-team': 'pay' } },
      'https://example.com/hook',
      literal,
      { 'x-team': 'pay' },
    ],
    [
      { url: 'https://example.com/hook', token_parameter: 'ops-token' },
      'https://example.com/hook',
      literal,
      { authorization: 'Bearer abc' },
    ],
    [{ url_parameter: 'ops-url' }, 'https://example.com/secret', 'SSM parameter /f/prod/webhook/ops-url', {}],
  ])('%j posts to %s', async (webhook, url, name, headers) => {
    const endpoint = await endpointsOf(webhook).endpointOf('ops', signal, 'cached');
    expect(endpoint).toEqual({ owner: 'ops', name, url, headers });
    expect(endpointsOf(webhook).placeOf('ops')).toBe(name);
  });

  it.each([['critical'], ['team']])('has no endpoint for %s, which has no settings', async (route) => {
    expect(await endpointsOf('https://example.com').endpointOf(route, signal, 'cached')).toBeUndefined();
  });

  it.each<[WebhookSettings, string]>([
    [{ url_parameter: 'missing' }, 'SSM parameter /f/prod/webhook/missing is missing; docs/webhook.md'],
    [{ url: 'https://example.com', token_parameter: 'none' }, 'SSM parameter /f/prod/webhook/none is missing'],
  ])('says what is missing for %j', async (webhook, message) => {
    await expect(endpointsOf(webhook).endpointOf('ops', signal, 'cached')).rejects.toThrow(message);
  });

  it('takes secrets from WEBHOOK_PARAMETERS on a laptop', async () => {
    const env = { ...aws, WEBHOOK_PARAMETERS: '{"ops-url":"http://localhost/x","ops-token":"local"}' };
    const settings = { url_parameter: 'ops-url', token_parameter: 'ops-token' };
    expect(await endpointsOf(settings, env).endpointOf('ops', signal, 'cached')).toEqual({
      owner: 'ops',
      name: 'WEBHOOK_PARAMETERS.ops-url',
      url: 'http://localhost/x',
      headers: { authorization: 'Bearer local' },
    });
    const none = endpointsOf(settings, { WEBHOOK_PARAMETERS: '{}' }).endpointOf('ops', signal, 'cached');
    await expect(none).rejects.toThrow('WEBHOOK_PARAMETERS.ops-url is missing');
  });

  it('refuses WEBHOOK_PARAMETERS that are no JSON without showing them', () => {
    const made = () => endpointsOf('https://example.com', { WEBHOOK_PARAMETERS: 'verysecret' });
    expect(made).toThrow('WEBHOOK_PARAMETERS is not a JSON object of texts');
    expect(made).not.toThrow('verysecret');
  });
});
