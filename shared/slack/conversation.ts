import type { Post } from '../alerts/ports.js';
import { alertId, groupId } from '../alerts/state/ids.js';
import { slack } from '../limits.js';
import type { SlackBlock, SlackMessage } from './blocks.js';

/**
 * What is remembered of a message that later ones about the same key or group update in place, as JSON in one item: at most 15 KB,
 * for Slack takes no longer message.
 */
export interface Conversation {
  /** Slack's id of the channel, and of the message in it. */
  readonly channel: string;
  readonly ts: string;
  /** When something was last said in it, ms since the epoch. */
  readonly at: number;
  /** The number of the notice or message that was told last: a repeat has the same. */
  readonly number: string;
  /** Of a group: when it began. */
  readonly began?: number | undefined;
  /** People were told that it is over. */
  readonly over?: true | undefined;
  /** As it stands. */
  readonly message: SlackMessage;
}

/** What a post says to a conversation. */
export interface Saying {
  /** Of the conversation that it belongs to. */
  readonly id: string;
  readonly number: string;
  readonly began?: number;
  /** It ends the conversation. */
  readonly over: boolean;
  /** For how long after what was said last it is still the same conversation, milliseconds. */
  readonly within: number;
}

/** A group has its conversation, and so has every key without one; a digest of what there was no room for has none. */
export function sayingOf(post: Post): Saying | undefined {
  if (post.kind === 'digest') {
    const { group, number, alerts } = post.digest;
    if (!group) return undefined;
    const { key, began, firing } = group;
    const over = alerts === 0 && firing === 0;
    return { id: groupThread(post.route, key), number: `message ${number}`, began, over, within: Number.POSITIVE_INFINITY };
  }
  const { alert, group, route } = post;
  const { notice, settings } = alert;
  const said = { number: `${alertId(alert)} ${notice.kind} ${notice.number}`, over: notice.kind === 'resolved' };
  if (group) return { ...said, id: groupThread(route, group.key), began: group.began, within: Number.POSITIVE_INFINITY };
  // What comes later is no repeat, and nobody would notice that an old message changed.
  const within = 2 * Math.max(settings.maxCooldown, settings.resolveAfter ?? 0);
  return { ...said, id: `thread#${route}#${alertId(alert)}`, within };
}

function groupThread(route: string, key: string): string {
  return `thread#${route}#${groupId(route, key)}`;
}

/** Whether a post is part of a conversation that began before. */
export function continues({ over, at, began }: Conversation, saying: Saying, now: number): boolean {
  return !over && now < at + saying.within && began === saying.began;
}

/** The message as it is to stand once it is over: what it was stays below. */
export function withEnding({ message: { blocks } }: Conversation, ending: SlackMessage): SlackMessage {
  const all = [...ending.blocks, ...blocks.filter(({ type }) => type !== 'header')];
  const fits = all.length <= slack.maxBlocks && JSON.stringify(all).length <= slack.maxBlocksText;
  return fits ? { ...ending, blocks: all as readonly SlackBlock[] } : ending;
}
