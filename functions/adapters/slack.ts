import {
  type FetchFunction,
  IncomingWebhook,
  IncomingWebhookHTTPError,
  type IncomingWebhookSendArguments,
} from '@slack/webhook';
import { longestPost, type Notifier, type Post, type PostResult } from '../../shared/alerts/ports.js';
import { slack } from '../../shared/limits.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { alertMessage } from '../../shared/slack/alertMessage.js';
import type { SlackMessage } from '../../shared/slack/blocks.js';
import { digestMessage } from '../../shared/slack/digestMessage.js';
import type { Webhook, WebhookSource } from './webhookSource.js';

/** However long a pause an answer asks for, it is tried again after this. */
const maxPause = 60 * 60_000;

/**
 * Slack's incoming webhooks, one for each route. It makes one attempt, at once; a second one only if Slack says that the
 * webhook is gone and another one has taken its place.
 *
 * @param rules for what a digest says of them.
 */
export function slackNotifier(
  source: WebhookSource,
  rules: readonly Rule[],
  fetch: FetchFunction = globalThis.fetch,
): Notifier {
  async function attempt(route: string, message: SlackMessage, signal: AbortSignal): Promise<PostResult> {
    const webhook = await source.webhook(route, signal);
    const answer = await send(webhook, message, signal, fetch);
    if (answer.result !== 'gone') return answer;
    const current = await source.reread(route, signal);
    if (current.url === webhook.url) return refusedBy(current, answer.reason);
    const second = await send(current, message, signal, fetch);
    return second.result === 'gone' ? refusedBy(current, second.reason) : second;
  }

  return {
    async post(post) {
      try {
        // Slack answers within a second; a hanging connection must not use up the invocation.
        return await attempt(post.route, messageOf(post, rules), AbortSignal.timeout(longestPost));
      } catch (error) {
        return { result: 'unavailable', reason: `route ${post.route} can't be posted to: ${reasonOf(error)}` };
      }
    },
    async webhookOf(route) {
      try {
        return (await source.webhook(route, AbortSignal.timeout(longestPost))).route;
      } catch {
        return route;
      }
    },
  };
}

function messageOf(post: Post, rules: readonly Rule[]): SlackMessage {
  return post.kind === 'alert' ? alertMessage(post.alert) : digestMessage(post.digest, rules);
}

function refusedBy({ name }: Webhook, reason: string): PostResult {
  return { result: 'refused', reason: `${reason}; put a working webhook URL into ${name}` };
}

type Answer = PostResult | { readonly result: 'gone'; readonly reason: string };

async function send(
  webhook: Webhook,
  message: SlackMessage,
  signal: AbortSignal,
  fetch: FetchFunction,
): Promise<Answer> {
  const { name, url } = webhook;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return refusedBy(webhook, `the value of ${name} is not a URL`);
  // @slack/webhook keeps the response to itself, and with it how long Slack asks us to wait.
  let headers: AnswerHeaders = new Headers();
  const client = new IncomingWebhook(url, {
    fetch: async (input, init) => {
      const response = await fetch(input, { ...init, signal });
      headers = response.headers;
      return response;
    },
  });
  try {
    await client.send(message as SlackMessage & IncomingWebhookSendArguments);
    return { result: 'sent' };
  } catch (error) {
    if (!(error instanceof IncomingWebhookHTTPError)) {
      return { result: 'unavailable', reason: `Slack was not reached: ${withoutSecret(reasonOf(error), url)}` };
    }
    const { statusCode: status, body } = error;
    const reason = `Slack answered ${status} ${withoutSecret(body, url).slice(0, 200)}`;
    if (status === 429) return { result: 'throttled', retryAfter: pauseOf(headers) };
    // 410 is an archived channel; whoever archived it may have put another webhook into place.
    if (status === 403 || status === 404 || status === 410) return { result: 'gone', reason };
    return { result: status >= 500 ? 'unavailable' : 'refused', reason };
  }
}

type AnswerHeaders = Pick<Headers, 'get'>;

/** Retry-After: seconds, or a date (RFC 9110, 10.2.3), which is on the clock of whoever answered. */
function pauseOf(headers: AnswerHeaders): number {
  const stated = headers.get('retry-after') ?? '';
  const answered = Date.parse(headers.get('date') ?? '');
  const pause = /^[\d.]+$/.test(stated)
    ? Number(stated) * 1000
    : Date.parse(stated) - (Number.isNaN(answered) ? Date.now() : answered);
  return Number.isFinite(pause) ? Math.min(Math.max(pause, slack.minInterval), maxPause) : slack.minInterval;
}

/** fetch names the URL in some of its errors, and a proxy may echo it, or the part of it that is the secret. */
function withoutSecret(text: string, url: string): string {
  const path = url.replace(/^https?:\/\/[^/]*\/?/, '');
  const secrets = [url, path, ...path.split('/').filter((part) => part.length >= 10)];
  return secrets.reduce((shown, secret) => (secret ? shown.replaceAll(secret, '<webhook>') : shown), text);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${reasonOf(error.cause)})` : error.message;
}
