import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FetchFunction,
  IncomingWebhook,
  IncomingWebhookHTTPError,
  type IncomingWebhookSendArguments,
} from '@slack/webhook';
import { alertMessage, type SlackMessage } from '../../shared/alerts/message.js';
import type { Notifier, PostResult } from '../../shared/alerts/ports.js';
import { slack } from '../../shared/limits.js';
import type { WebhookSource } from './webhookSource.js';

/** Slack answers within a second; a hanging connection must not use up the invocation. */
const requestTimeout = 10_000;

/** The Slack channel behind an incoming webhook. */
export interface SlackChannel {
  /** Posts, waiting where Slack asks for it, for as long as the deadline (ms since the epoch) allows. */
  notifierUntil(deadline: number): Notifier;
}

/** Lives as long as the function's instance, and so remembers that Slack asked for a pause. */
export function slackChannel(source: WebhookSource, fetch: FetchFunction = globalThis.fetch): SlackChannel {
  let pausedUntil = 0;

  async function post(message: SlackMessage, deadline: number): Promise<PostResult> {
    let url = await source.url();
    for (;;) {
      if (Math.max(pausedUntil, Date.now()) >= deadline) {
        return { result: 'unavailable', reason: 'there is no time left to post it at the pace that Slack allows' };
      }
      await sleep(Math.max(0, pausedUntil - Date.now()));
      const attempt = await send(url, message, Math.min(requestTimeout, deadline - Date.now()), fetch);
      switch (attempt.result) {
        case 'throttled':
          pausedUntil = Date.now() + attempt.retryAfter;
          continue;
        case 'gone': {
          // The webhook was revoked or deleted; its successor may already be in place.
          const current = await source.reread();
          if (current === url)
            return { result: 'refused', reason: `${attempt.reason}; put a working webhook URL into ${source.name}` };
          url = current;
          continue;
        }
        default:
          return attempt;
      }
    }
  }

  return {
    notifierUntil: (deadline) => ({
      async post(alert) {
        try {
          return await post(alertMessage(alert), deadline);
        } catch (error) {
          return { result: 'unavailable', reason: `${source.name} can't be read: ${messageOf(error)}` };
        }
      },
    }),
  };
}

type Attempt =
  | PostResult
  | { readonly result: 'throttled'; readonly retryAfter: number }
  | { readonly result: 'gone'; readonly reason: string };

async function send(url: string, message: SlackMessage, timeout: number, fetch: FetchFunction): Promise<Attempt> {
  // @slack/webhook keeps the response to itself, and with it how long Slack asks us to wait.
  let retryAfter: string | null = null;
  const webhook = new IncomingWebhook(url, {
    timeout: Math.max(1, timeout),
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      retryAfter = response.headers.get('retry-after');
      return response;
    },
  });
  try {
    await webhook.send(message as SlackMessage & IncomingWebhookSendArguments);
    return { result: 'sent' };
  } catch (error) {
    if (!(error instanceof IncomingWebhookHTTPError)) {
      return { result: 'unavailable', reason: `Slack was not reached: ${withoutSecret(messageOf(error), url)}` };
    }
    const { statusCode: status, body } = error;
    const reason = `Slack answered ${status} ${withoutSecret(body.slice(0, 200), url)}`;
    if (status === 429) return { result: 'throttled', retryAfter: delayOf(retryAfter) };
    if (status === 403 || status === 404) return { result: 'gone', reason };
    return { result: status >= 500 ? 'unavailable' : 'refused', reason };
  }
}

/** Retry-After is in seconds. */
function delayOf(retryAfter: string | null): number {
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : slack.minInterval;
}

/** fetch names the URL in some of its errors, and a proxy may echo it. */
function withoutSecret(text: string, url: string): string {
  const path = url.replace(/^https?:\/\/[^/]*\//, '');
  return text.replaceAll(url, '<webhook>').replaceAll(path || url, '<webhook>');
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${messageOf(error.cause)})` : error.message;
}
