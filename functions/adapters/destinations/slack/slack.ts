import {
  type FetchFunction,
  IncomingWebhook,
  IncomingWebhookHTTPError,
  type IncomingWebhookSendArguments,
} from '@slack/webhook';
import type { Destination, DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import { isOfGroup } from '../../../../shared/alerts/groups/groupTitle.js';
import type { Post } from '../../../../shared/alerts/ports.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { alertMessage } from '../../../../shared/slack/alertMessage.js';
import type { SlackMessage } from '../../../../shared/slack/blocks.js';
import { digestMessage } from '../../../../shared/slack/digestMessage.js';
import { groupMessage } from '../../../../shared/slack/groupMessage.js';
import { pauseOf } from '../http/pause.js';
import { reasonOf, withoutSecrets } from '../http/reason.js';

/**
 * Slack's incoming webhooks.
 *
 * @param rules for what a digest says of them.
 */
export function slackDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
  fetch: FetchFunction = globalThis.fetch,
): Destination {
  return { ...endpoints, post: (endpoint, post, signal) => send(endpoint, messageOf(post, rules), signal, fetch) };
}

function messageOf(post: Post, rules: readonly Rule[]): SlackMessage {
  if (post.kind === 'alert') return alertMessage(post.alert);
  return isOfGroup(post.digest) ? groupMessage(post.digest, rules) : digestMessage(post.digest, rules);
}

async function send(
  endpoint: Endpoint,
  message: SlackMessage,
  signal: AbortSignal,
  fetch: FetchFunction,
): Promise<DestinationAnswer> {
  const { name, url } = endpoint;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const reason = `the value of ${name} is not a URL; put a working webhook URL into ${name}`;
    return { result: 'refused', reason };
  }
  // @slack/webhook keeps the response to itself, and with it how long Slack asks us to wait.
  let headers: Pick<Headers, 'get'> = new Headers();
  const client = new IncomingWebhook(url, {
    fetch: async (input, init) => {
      const response = await fetch(input, { ...init, signal });
      headers = response.headers;
      return response;
    },
  });
  try {
    const { text } = await client.send(message as SlackMessage & IncomingWebhookSendArguments);
    return text.trim() === 'ok' ? { result: 'sent' } : notFromSlack(text, endpoint);
  } catch (error) {
    if (!(error instanceof IncomingWebhookHTTPError)) {
      return { result: 'unavailable', reason: `Slack was not reached: ${withoutSecrets(reasonOf(error), endpoint)}` };
    }
    const { statusCode: status, body } = error;
    const reason = `Slack answered ${status} ${withoutSecrets(body, endpoint).slice(0, 200)}`;
    if (status === 429) return { result: 'throttled', retryAfter: pauseOf(headers) };
    // 410 is an archived channel; whoever archived it may have put another webhook into place.
    if (status === 401 || status === 403 || status === 404 || status === 410) return { result: 'gone', reason };
    return { result: status >= 500 ? 'unavailable' : 'refused', reason };
  }
}

/**
 * Slack answers 200 with the text `ok` (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks); whoever says anything
 * else has not taken the message: a proxy's page, or a URL that is no incoming webhook. As an operator has to look, it is
 * tried again with the growing pauses of a refusal.
 */
function notFromSlack(text: string, endpoint: Endpoint): DestinationAnswer {
  const shown = withoutSecrets(text, endpoint).slice(0, 200);
  const advice = `put the URL of an incoming webhook into ${endpoint.name}, and see that no proxy answers in its place`;
  return { result: 'refused', reason: `the answer was 200 "${shown}" and not Slack's "ok"; ${advice}` };
}
