import type { Destination, DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { type WebhookPayload, webhookPayload } from '../../../../shared/webhook/payload.js';
import { urlProblem } from '../../../../shared/webhook/url.js';
import { startOf } from '../http/answer.js';
import { pauseOf } from '../http/pause.js';
import { reasonOf, withoutSecrets } from '../http/reason.js';

/** Characters of an answer that are shown. */
const shownBody = 200;

/**
 * Any HTTP server that takes JSON: docs/webhook.md.
 *
 * @param rules for what a digest says of them.
 */
export function webhookDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
): Destination {
  return { ...endpoints, post: (endpoint, post, signal) => send(endpoint, webhookPayload(post, rules), signal) };
}

async function send(endpoint: Endpoint, payload: WebhookPayload, signal: AbortSignal): Promise<DestinationAnswer> {
  const { owner, name, url, headers } = endpoint;
  const problem = urlProblem(url);
  if (problem !== undefined) return { result: 'refused', reason: `the URL in ${name} ${problem}` };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'firesplit', ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(payload),
      // What is posted, and a token, are for this URL alone.
      redirect: 'manual',
      signal,
    });
    return await answerOf(response, endpoint);
  } catch (error) {
    const reason = `the webhook of route ${owner} was not reached: ${withoutSecrets(reasonOf(error), endpoint)}`;
    return { result: 'unavailable', reason };
  }
}

async function answerOf(response: Response, endpoint: Endpoint): Promise<DestinationAnswer> {
  const { status, headers } = response;
  if (response.ok || status === 429) {
    await response.body?.cancel();
    return response.ok ? { result: 'sent' } : { result: 'throttled', retryAfter: pauseOf(headers) };
  }
  const body = await startOf(response);
  const shown = withoutSecrets(body, endpoint).replace(/\s+/g, ' ').slice(0, shownBody);
  const reason = `the webhook of route ${endpoint.owner} answered ${status} ${shown}`.trim();
  if (status >= 500) return { result: 'unavailable', reason };
  // The URL or the token may have been replaced.
  if (status === 401 || status === 403 || status === 404 || status === 410) return { result: 'gone', reason };
  const remedy =
    status < 400
      ? `redirects are not followed: put the URL that it leads to into ${endpoint.name}`
      : 'have it take what docs/webhook.md describes';
  return { result: 'refused', reason: `${reason}; ${remedy}` };
}
