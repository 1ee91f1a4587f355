import type { DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import { startOf } from '../http/answer.js';
import { pauseOf } from '../http/pause.js';
import { reasonOf, withoutSecrets } from '../http/reason.js';

/** Methods of Slack's Web API: https://docs.slack.dev/reference/methods */
export type Method = 'chat.postMessage' | 'chat.update' | 'reactions.add';

/** What Slack says of a call that it carried out. */
interface Done {
  readonly result: 'done';
  /** Of chat.postMessage and chat.update: the channel's id, and that of the message. */
  readonly channel: string;
  readonly ts: string;
}

/** `declined`: Slack answered, and does not do this to this message; another call may do. */
export type Called = Done | { readonly result: 'declined'; readonly error: string; readonly reason: string } | Failed;

type Failed = Exclude<DestinationAnswer, { readonly result: 'sent' }>;

/** One call, once. Never throws. */
export async function call(endpoint: Endpoint, method: Method, body: object, signal: AbortSignal): Promise<Called> {
  const { name, url, headers } = endpoint;
  try {
    const response = await fetch(`${url}${method}`, {
      method: 'POST',
      headers: { 'user-agent': 'firesplit', ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      // The token is for this URL alone.
      redirect: 'manual',
      signal,
    });
    // Slack repeats the message in its answer, which is longer than what is shown of others.
    const text = response.ok ? await response.text() : await startOf(response);
    if (response.status === 429) return { result: 'throttled', retryAfter: pauseOf(response.headers) };
    const shown = withoutSecrets(text, endpoint).replace(/\s+/g, ' ').slice(0, shownBody);
    const reason = `Slack answered ${method} with ${response.status} ${shown}`.trim();
    if (response.status >= 500) return { result: 'unavailable', reason };
    const answer = response.ok ? objectIn(text) : undefined;
    if (answer?.ok === true) return { result: 'done', channel: textOf(answer.channel), ts: textOf(answer.ts) };
    // A proxy's page, or an API that is none.
    if (typeof answer?.error !== 'string')
      return { result: 'refused', reason: `${reason}; see that no proxy answers in Slack's place` };
    return answerOf(answer.error, reason, name, response);
  } catch (error) {
    return { result: 'unavailable', reason: `Slack was not reached: ${withoutSecrets(reasonOf(error), endpoint)}` };
  }
}

/** Characters of an answer that are shown. */
const shownBody = 200;

function answerOf(error: string, reason: string, name: string, { headers }: Response): Called {
  if (error === 'ratelimited' || error === 'rate_limited') return { result: 'throttled', retryAfter: pauseOf(headers) };
  if (passing.has(error)) return { result: 'unavailable', reason };
  const remedy = remedies[error];
  // The token or the channel may have been replaced since.
  if (remedy !== undefined) return { result: 'gone', reason: `${reason}; ${remedy.replace('%', name)}` };
  return { result: 'declined', error, reason };
}

/** Errors of Slack itself: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const passing = new Set([
  ...['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'],
  'message_limit_exceeded',
]);

const newToken = 'put a bot token that works into %';
const invite = 'invite the app to the channel: /invite @app';
const remedies: Readonly<Record<string, string>> = {
  ...{ invalid_auth: newToken, not_authed: newToken, token_revoked: newToken, token_expired: newToken },
  ...{ account_inactive: newToken, not_allowed_token_type: newToken, access_denied: newToken },
  ...{ missing_scope: 'give the app the scopes chat:write and reactions:write, and install it again' },
  ...{ not_in_channel: invite, channel_not_found: `state the id of a channel (C…), and ${invite}` },
  ...{
    is_archived: 'unarchive the channel, or state the id of another',
    restricted_action: 'let the app post to the channel',
  },
};

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
