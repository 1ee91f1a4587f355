import { lastSeenBy, watchOf } from '../../conditions/condition.js';
import { typeOf } from '../../conditions/index.js';
import { windowOf } from '../../conditions/window.js';
import type { Rule } from '../../rules/language/rule.js';
import { streamRule } from '../../rules/streamRule.js';
import type { AlertPorts, Stored } from '../ports.js';
import type { AlertState, HoldReason, Notice } from './alertState.js';
import { alertId } from './ids.js';

/** How far behind the clock the stream may be when all is well: Firehose's buffers, and how often its state is saved. */
const usualDelay = 2 * 60_000;

/**
 * Holds back what can't be known while the stream is silent or all that arrives is late: that a key is absent, and that what
 * fired is over. Nobody knows either until the stream is as far, and whoever was cut off with it has had time to catch up.
 */
export async function streamHold(
  rule: Rule,
  { firedAt = 0 }: AlertState,
  notice: Notice,
  ports: Pick<AlertPorts, 'store' | 'clock' | 'stream'>,
): Promise<HoldReason | undefined> {
  const isMissed = typeOf(rule).missing !== undefined;
  // What was missed is over because lines came.
  if (rule.name === streamRule.name || isMissed === (notice.kind === 'resolved')) return undefined;
  const needed = isMissed ? windowOf(rule) : rule.resolveAfter;
  if (needed === undefined) return undefined;

  const stored = await (ports.stream ?? streamOf(ports))();
  const memory = (stored?.value as AlertState | undefined)?.memory;
  const watch = memory && watchOf(streamRule, memory, {});
  const heard = memory && lastSeenBy(memory);
  // A stream with a line now and then is missed by nobody.
  if (!watch || heard === undefined || watch.missedFrom === Number.POSITIVE_INFINITY) return undefined;

  const now = ports.clock.now();
  const from = isMissed ? notice.first : firedAt;
  const delay = isMissed ? Math.max(0, usualDelay - rule.lateness) : usualDelay;
  const isBehind = now >= watch.missedFrom || heard < from + needed - delay;
  const { backAt } = watch;
  const gapFrom = memory.type === 'absence' ? memory.gapFrom : undefined;
  const isInGap = backAt !== undefined && from < backAt && from + needed > (gapFrom ?? 0);
  const isCatchingUp = isInGap && now < backAt + needed + rule.lateness;
  return isBehind || isCatchingUp ? { by: 'no lines' } : undefined;
}

/**
 * The state of the stream, read at most once: for an invocation, in which thousands of keys may be missed when nothing arrives. What is
 * known a while later makes the stream only older.
 */
export function streamOf({ store }: Pick<AlertPorts, 'store'>): () => Promise<Stored | undefined> {
  let state: Promise<Stored | undefined> | undefined;
  return () => {
    state ??= store.load(alertId({ rule: streamRule.name, key: '' }));
    return state;
  };
}
