import type { Digest, Post } from '../alerts/ports.js';
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
  /** The reply shows in the channel too: something critical has begun, and nobody notices that a message changed. */
  readonly broadcast: boolean;
  /** It ends the conversation. */
  readonly over: boolean;
  /** Of what is over: nobody knows whether it is. */
  readonly unknown: boolean;
  /** For how long after what was said last it is still the same conversation, milliseconds. */
  readonly within: number;
}

/** A group has its conversation, and so has every key without one; a digest of what there was no room for has none. */
export function sayingOf(post: Post): Saying | undefined {
  return post.kind === 'digest' ? sayingOfDigest(post.digest, post.route) : sayingOfAlert(post);
}

function sayingOfDigest({ group, number, alerts, silent = 0, rules }: Digest, route: string): Saying | undefined {
  if (!group) return undefined;
  return {
    id: groupThread(route, group.key),
    number: `message ${number}`,
    began: group.began,
    broadcast: rules.some((rule) => rule.severity === 'critical' && rule.alerts > 0),
    over: alerts === 0 && group.firing === 0,
    unknown: silent > 0,
    within: Number.POSITIVE_INFINITY,
  };
}

function sayingOfAlert({ alert, group, route }: Post & { readonly kind: 'alert' }): Saying {
  const { notice, settings } = alert;
  const isOver = notice.kind === 'resolved';
  return {
    id: group ? groupThread(route, group.key) : `thread#${route}#${alertId(alert)}`,
    number: `${alertId(alert)} ${notice.kind} ${notice.number}`,
    ...(group ? { began: group.began } : {}),
    broadcast: group !== undefined && !group.known && !isOver && settings.severity === 'critical',
    over: isOver,
    unknown: notice.ending !== undefined,
    // What comes later is no repeat, and nobody would notice that an old message changed.
    within: 2 * Math.max(settings.maxCooldown, settings.resolveAfter ?? 0),
  };
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
