import type { Destination, DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import { isOfGroup } from '../../../../shared/alerts/groups/groupTitle.js';
import type { Clock, Post, StateStore } from '../../../../shared/alerts/ports.js';
import { sqs } from '../../../../shared/limits.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { alertMessage } from '../../../../shared/slack/alertMessage.js';
import type { SlackMessage } from '../../../../shared/slack/blocks.js';
import { type Conversation, continues, type Saying, sayingOf, withEnding } from '../../../../shared/slack/conversation.js';
import { digestMessage } from '../../../../shared/slack/digestMessage.js';
import { groupMessage } from '../../../../shared/slack/groupMessage.js';
import { call as callSlack, type Called, type Done, type Method } from './slackApi.js';

/** Put on a message that is over: https://docs.slack.dev/reference/methods/reactions.add */
const overReaction = 'white_check_mark';

type Stored = { readonly conversation: Conversation; readonly version: number };

/** What a post is made with. */
interface Turn {
  readonly endpoint: Endpoint;
  readonly message: SlackMessage;
  readonly signal: AbortSignal;
}

/**
 * Slack by a bot token: one message for each key or group, updated in place, with repeats in its thread and a reaction once it is
 * over. What can't be updated is posted anew.
 *
 * @param rules for what a digest says of them.
 * @param store keeps which message it is. While it can't be reached, messages are new ones.
 */
export function slackBotDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
  store: Pick<StateStore, 'load' | 'save'>,
  clock: Pick<Clock, 'now'>,
  call: typeof callSlack = callSlack,
): Destination {
  async function post(endpoint: Endpoint, what: Post, signal: AbortSignal): Promise<DestinationAnswer> {
    const turn = { endpoint, message: messageOf(what, rules), signal };
    const saying = sayingOf(what);
    if (!saying) return answerOf(await postMessage(turn));
    const stored = await load(saying.id);
    const earlier = stored && continues(stored.conversation, saying, clock.now()) ? stored.conversation : undefined;
    const answer = earlier ? await goOn(turn, earlier, saying) : undefined;
    if (answer && answer.result !== 'declined') {
      if (answer.result === 'done') await remember(saying, answer, answer.message, stored);
      return answerOf(answer);
    }
    const posted = await postMessage(turn);
    if (posted.result === 'done') await remember(saying, posted, turn.message, stored);
    return answerOf(posted);
  }

  /** Updates the message, and says in its thread what is new; `declined` when the message can't be updated. */
  async function goOn(
    turn: Turn,
    earlier: Conversation,
    { number, over }: Saying,
  ): Promise<Exclude<Called, Done> | (Done & { readonly message: SlackMessage })> {
    const { channel, ts } = earlier;
    const message = over ? withEnding(earlier, turn.message) : turn.message;
    const updated = await callFor(turn, 'chat.update', { channel, ts, ...message });
    if (updated.result !== 'done') return updated;
    // A repeat of what was told last says nothing new.
    const reply = number === earlier.number ? updated : await postMessage(turn, channel, ts);
    if (reply.result !== 'done') return reply;
    // The message says it too, so nothing is lost when the reaction is.
    if (over) await callFor(turn, 'reactions.add', { channel, timestamp: ts, name: overReaction });
    return { result: 'done', channel, ts, message };
  }

  function postMessage(turn: Turn, channel = turn.endpoint.channel, thread?: string): Promise<Called> {
    const { message } = turn;
    return callFor(turn, 'chat.postMessage', { channel, ...message, ...(thread ? { thread_ts: thread } : {}) });
  }

  function callFor({ endpoint, signal }: Turn, method: Method, body: object): Promise<Called> {
    return call(endpoint, method, body, signal);
  }

  async function load(id: string): Promise<Stored | undefined> {
    try {
      const stored = await store.load(id);
      return stored && { conversation: stored.value as Conversation, version: stored.version };
    } catch {
      return undefined;
    }
  }

  /** What is told is told, even if nobody remembers where. */
  async function remember(saying: Saying, { channel, ts }: Done, message: SlackMessage, stored: Stored | undefined) {
    const { id, number, began, over } = saying;
    const at = clock.now();
    const value: Conversation = { channel, ts, at, number, began, message, ...(over ? { over } : {}) };
    await store.save(id, value, stored?.version, { expires: at + sqs.maxRetention }).catch(() => false);
  }

  return { ...endpoints, post };
}

function messageOf(post: Post, rules: readonly Rule[]): SlackMessage {
  if (post.kind === 'alert') return alertMessage(post.alert);
  return isOfGroup(post.digest) ? groupMessage(post.digest, rules) : digestMessage(post.digest, rules);
}

function answerOf(called: Called): DestinationAnswer {
  if (called.result === 'done') return { result: 'sent' };
  return called.result === 'declined' ? { result: 'refused', reason: called.reason } : called;
}
