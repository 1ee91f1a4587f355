import { describe, expect, it } from '@jest/globals';
import { keyedEndpoints } from '../../../../functions/adapters/destinations/keyedEndpoints.js';

const config = {
  routes: {
    pager: { pagerduty: { key_parameter: 'pd-key' } },
    genie: { opsgenie: { key_parameter: 'og-key', region: 'eu' } },
    chat: { teams: { url_parameter: 'teams-url' } },
  },
} as const;
const env = {
  WEBHOOK_PARAMETERS: JSON.stringify({ 'pd-key': 'k1', 'og-key': 'k2', 'teams-url': 'https://example.com/t' }),
};
const noParameters = { read: async () => undefined };
const signal = AbortSignal.timeout(10_000);

describe('keyedEndpoints', () => {
  it.each([
    ['pagerduty', 'pager', { url: 'https://events.pagerduty.com/v2/enqueue', key: 'k1' }],
    ['opsgenie', 'genie', { url: 'https://api.eu.opsgenie.com/v2/alerts', key: 'k2' }],
    ['teams', 'chat', { url: 'https://example.com/t' }],
  ] as const)('finds that of %s', async (kind, route, expected) => {
    const endpoints = keyedEndpoints(kind, config, env, noParameters);
    expect(await endpoints.endpointOf(route, signal, 'cached')).toMatchObject({ owner: route, ...expected });
    expect(await endpoints.endpointOf('other', signal, 'cached')).toBeUndefined();
    expect(endpoints.placeOf(route)).toMatch(/^WEBHOOK_PARAMETERS\./);
  });

  it('says which secret is missing', async () => {
    const endpoints = keyedEndpoints(
      'pagerduty',
      config,
      { WEBHOOK_PARAMETER_PREFIX: '/f/prod/webhook/' },
      noParameters,
    );
    await expect(endpoints.endpointOf('pager', signal, 'cached')).rejects.toThrow(
      'SSM parameter /f/prod/webhook/pd-key is missing; docs/routes.md says how to set it',
    );
  });
});
