import { pagerdutyDestination } from '../../../functions/adapters/destinations/pagerduty/pagerduty.js';
import { pagerduty as limits } from '../../../shared/limits.js';
import { endpointsAt } from '../posts.js';
import { type Answer, isObject, isText, json, objectOf, type Service, secretKey, secretPath } from './service.js';

/**
 * Events API v2: fields at https://developer.pagerduty.com/docs/events-api-v2/trigger-events/, answers and sizes at
 * https://developer.pagerduty.com/docs/events-api-v2/overview/
 */
export const pagerduty: Service = {
  name: 'PagerDuty',
  at: (url, rules) => ({
    destination: pagerdutyDestination(endpointsAt(), rules),
    endpoint: { owner: 'oncall', name: 'the test', url: `${url}${secretPath}`, key: secretKey },
  }),
  take({ body }) {
    // The size is documented, the status is not: 413 is what HTTP has for it.
    if (Buffer.byteLength(body) > limits.maxEventBytes) return json(413, {});
    const event = objectOf(body);
    if (!event) return invalid(['could not parse the JSON']);
    const errors = errorsOf(event);
    if (errors.length > 0) return invalid(errors);
    return json(202, { status: 'success', message: 'Event processed', dedup_key: event.dedup_key });
  },
  answers: [
    [json(202, { status: 'success', message: 'Event processed', dedup_key: 'a' }), 'sent'],
    [invalid([`'routing_key' ${secretKey} is invalid`]), 'refused'],
    [{ status: 401 }, 'gone'],
    [{ status: 403, body: 'Forbidden' }, 'gone'],
    [{ status: 404 }, 'gone'],
    [{ status: 413 }, 'refused'],
    [json(429, { status: 'throttle exceeded' }), 'throttled'],
    [{ status: 500 }, 'unavailable'],
    [{ status: 503 }, 'unavailable'],
  ],
  refuses: [
    ['what is no JSON', { path: '', headers: {}, body: '{' }, 400],
    ['an event without a key', asked({ routing_key: '' }), 400],
    ['an unknown action', asked({ event_action: 'open' }), 400],
    ['a key that is too long', asked({ dedup_key: 'x'.repeat(limits.maxDedupKey + 1) }), 400],
    ['another severity', asked({ payload: { ...payload(), severity: 'fatal' } }), 400],
    [
      'a summary that is too long',
      asked({ payload: { ...payload(), summary: 'x'.repeat(limits.maxSummary + 1) } }),
      400,
    ],
    [
      'an event that is too large',
      asked({ payload: { ...payload(), custom_details: { text: 'x'.repeat(600_000) } } }),
      413,
    ],
  ],
};

function errorsOf(event: Readonly<Record<string, unknown>>): string[] {
  const { routing_key: key, event_action: action, dedup_key: dedup, payload: about, links = [] } = event;
  const isResolve = action === 'resolve' || action === 'acknowledge';
  return [
    key === secretKey ? '' : "'routing_key' is invalid",
    isResolve || action === 'trigger' ? '' : "'event_action' is invalid",
    (dedup === undefined && !isResolve) || isText(dedup, limits.maxDedupKey) ? '' : "'dedup_key' is invalid",
    isResolve || (isObject(about) && isText(about.summary, limits.maxSummary)) ? '' : "'payload.summary' is invalid",
    isResolve || (isObject(about) && isText(about.source)) ? '' : "'payload.source' is missing or blank",
    isResolve || (isObject(about) && severities.includes(String(about.severity)))
      ? ''
      : "'payload.severity' is invalid",
    isResolve || (isObject(about) && !Number.isNaN(Date.parse(String(about.timestamp))))
      ? ''
      : "'payload.timestamp' is invalid",
    Array.isArray(links) && links.every((link) => isObject(link) && URL.canParse(String(link.href)))
      ? ''
      : "'links' is invalid",
  ].filter(Boolean);
}

const severities = ['critical', 'error', 'warning', 'info'];

function invalid(errors: readonly string[]): Answer {
  return json(400, { status: 'invalid event', message: 'Event object is invalid', errors });
}

function payload() {
  return { summary: 'a title', source: 'pay', severity: 'critical', timestamp: '2026-11-22T16:03:00.000Z' };
}

function asked(changes: object) {
  const event = { routing_key: secretKey, event_action: 'trigger', dedup_key: 'a', payload: payload() };
  return { path: '', headers: {}, body: JSON.stringify({ ...event, ...changes }) };
}
