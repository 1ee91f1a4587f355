import { webhookDestination } from '../../../functions/adapters/destinations/webhook/webhook.js';
import { endpointsAt } from '../posts.js';
import { json, objectOf, type Service, secretKey, secretPath } from './service.js';

/** A server that takes what docs/webhook.md describes, of which version, id and status are looked at. */
export const webhook: Service = {
  name: 'a webhook',
  at: (url, rules) => ({
    destination: webhookDestination(endpointsAt(), rules),
    endpoint: {
      ...{ owner: 'oncall', name: 'the test', url: `${url}${secretPath}` },
      headers: { authorization: `Bearer ${secretKey}` },
    },
  }),
  take({ headers, body }) {
    if (headers.authorization !== `Bearer ${secretKey}`) return json(401, {});
    const { version, id, status } = objectOf(body) ?? {};
    const isKnown = version === 1 && /^[0-9a-f]{32}$/.test(String(id)) && statuses.includes(String(status));
    return { status: isKnown ? 204 : 400 };
  },
  answers: [
    [{ status: 200 }, 'sent'],
    [{ status: 201, body: '{}' }, 'sent'],
    [{ status: 302, headers: { location: 'https://example.com/login' } }, 'refused'],
    [{ status: 400 }, 'refused'],
    [{ status: 401 }, 'gone'],
    [{ status: 403 }, 'gone'],
    [{ status: 404 }, 'gone'],
    [{ status: 410 }, 'gone'],
    [{ status: 413 }, 'refused'],
    [{ status: 422 }, 'refused'],
    [{ status: 429, headers: { 'retry-after': '30' } }, 'throttled'],
    [{ status: 504 }, 'unavailable'],
  ],
  refuses: [
    ['what is no JSON', { path: '', headers: { authorization: `Bearer ${secretKey}` }, body: 'text' }, 400],
    ['another token', { path: '', headers: { authorization: 'Bearer other' }, body: '{}' }, 401],
  ],
};

const statuses = ['firing', 'resolved', 'digest'];
