import type { DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import { urlProblem } from '../../../../shared/webhook/url.js';
import { startOf } from './answer.js';
import { pauseOf } from './pause.js';
import { reasonOf, withoutSecrets } from './reason.js';

/** Characters of an answer that are shown. */
const shownBody = 200;

/** How a destination is spoken of. */
export interface PostedTo {
  /** Such as `PagerDuty`. */
  readonly what: string;
  /** What to do about an answer that says that the message is wrong. */
  readonly remedy: string;
}

/** One POST of JSON, and what its answer means. Never throws. */
export async function postJson(
  endpoint: Endpoint,
  body: unknown,
  { what, remedy }: PostedTo,
  signal: AbortSignal,
): Promise<DestinationAnswer> {
  const { name, url, headers } = endpoint;
  const problem = urlProblem(url);
  if (problem !== undefined) return { result: 'refused', reason: `the URL in ${name} ${problem}` };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'firesplit', ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body, wellFormed),
      // What is posted, and a secret, are for this URL alone.
      redirect: 'manual',
      signal,
    });
    return await answerOf(response, endpoint, what, remedy);
  } catch (error) {
    const reason = `${what} of route ${endpoint.owner} was not reached: ${withoutSecrets(reasonOf(error), endpoint)}`;
    return { result: 'unavailable', reason };
  }
}

/** Half a surrogate pair, as a cut may leave behind, is no text: parsers of JSON differ on it (RFC 8259, 8.2), and some refuse it. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

async function answerOf(
  response: Response,
  endpoint: Endpoint,
  what: string,
  remedy: string,
): Promise<DestinationAnswer> {
  const { status, headers } = response;
  if (response.ok || status === 429) {
    await response.body?.cancel();
    return response.ok ? { result: 'sent' } : { result: 'throttled', retryAfter: pauseOf(headers) };
  }
  const body = await startOf(response);
  const shown = withoutSecrets(body, endpoint).replace(/\s+/g, ' ').slice(0, shownBody);
  const reason = `${what} of route ${endpoint.owner} answered ${status} ${shown}`.trim();
  if (status >= 500) return { result: 'unavailable', reason };
  // The URL or the secret may have been replaced.
  if (status === 401 || status === 403 || status === 404 || status === 410) return { result: 'gone', reason };
  const advice =
    status < 400 ? `redirects are not followed: put the URL that it leads to into ${endpoint.name}` : remedy;
  return { result: 'refused', reason: `${reason}; ${advice}` };
}
