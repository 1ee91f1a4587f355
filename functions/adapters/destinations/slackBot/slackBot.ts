import type { Destination, DestinationAnswer, Endpoint } from '../../../../shared/alerts/destination.js';
import { isOfGroup } from '../../../../shared/alerts/groups/groupTitle.js';
import type { Clock, Post, StateStore } from '../../../../shared/alerts/ports.js';
import { slack, sqs } from '../../../../shared/limits.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { alertMessage } from '../../../../shared/slack/alertMessage.js';
import type { SlackMessage } from '../../../../shared/slack/blocks.js';
import {
  type Conversation,
  continues,
  type Saying,
  sayingOf,
  withEnding,
} from '../../../../shared/slack/conversation.js';
import { digestMessage } from '../../../../shared/slack/digestMessage.js';
import { groupMessage } from '../../../../shared/slack/groupMessage.js';
import { type Called, call as callSlack, type Method } from './slackApi.js';

/** Put on a message that is over, or of which nobody knows: https://docs.slack.dev/reference/methods/reactions.add */
const [overReaction, unknownReaction] = ['white_check_mark', 'mute'];

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
    if (stored && continues(stored.conversation, saying, clock.now())) {
      const answer = await goOn(turn, stored, saying);
      if (answer) return answer;
    }
    const posted = await postMessage(turn);
    if (posted.result === 'done') await remember(saying, { ...posted, message: turn.message }, stored?.version);
    return answerOf(posted);
  }

  /**
   * Says in the thread what is new, and then updates the message: in this order, since the slot that was waited for is one for a
   * message. Undefined when a new message is to take the place of the old one.
   */
  async function goOn(
    turn: Turn,
    { conversation: earlier, version }: Stored,
    saying: Saying,
  ): Promise<DestinationAnswer | undefined> {
    const { channel, ts } = earlier;
    let current: number | undefined = version;
    // A repeat of what was told last says nothing new.
    const isNew = saying.number !== earlier.number;
    if (isNew) {
      const reply = { thread_ts: ts, reply_broadcast: saying.broadcast };
      const replied = await postMessage(turn, channel, reply);
      if (replied.result === 'declined') return giveUp(earlier, saying, current);
      if (replied.result !== 'done') return replied;
      current = await remember({ ...saying, over: false }, earlier, current);
    }
    const message = saying.over ? withEnding(earlier, turn.message) : turn.message;
    const updated = await callFor(turn, 'chat.update', { channel, ts, ...message });
    if (updated.result === 'declined') return isNew ? giveUp(earlier, saying, current) : undefined;
    if (updated.result !== 'done') return updated;
    // The message says it too, so nothing is lost when the reaction is.
    const name = saying.unknown ? unknownReaction : overReaction;
    if (saying.over) await callFor(turn, 'reactions.add', { channel, timestamp: ts, name });
    await remember(saying, { channel, ts, message }, current);
    return { result: 'sent' };
  }

  /** The old message is done with. A new one takes the next slot; this one when nobody would remember that. */
  async function giveUp(
    earlier: Conversation,
    saying: Saying,
    version: number | undefined,
  ): Promise<DestinationAnswer | undefined> {
    const saved = await remember({ ...saying, over: true }, earlier, version);
    return saved === undefined ? undefined : { result: 'throttled', retryAfter: slack.minInterval };
  }

  function postMessage(turn: Turn, channel = turn.endpoint.channel, thread: object = {}): Promise<Called> {
    return callFor(turn, 'chat.postMessage', { channel, ...turn.message, ...thread });
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

  /**
   * What is told is told, even if nobody remembers where.
   *
   * @returns the version that was saved; undefined when none was.
   */
  async function remember(
    { id, number, began, over }: Saying,
    { channel, ts, message }: Pick<Conversation, 'channel' | 'ts' | 'message'>,
    version: number | undefined,
  ): Promise<number | undefined> {
    const at = clock.now();
    const value: Conversation = { channel, ts, at, number, began, message, ...(over ? { over } : {}) };
    const terms = { expires: at + sqs.maxRetention };
    const saved = await store.save(id, value, version, terms).catch(() => false);
    return saved ? (version ?? 0) + 1 : undefined;
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
