import type { MemoryOf } from '../alerts/state/alertState.js';
import type { Signal, TimedValue } from '../signals/signal.js';
import { joinSamples, tallyOf } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import type { Observation } from './observation.js';
import { isFresh } from './times.js';

type ChangeMemory = MemoryOf<'change'>;

/** For how long the last value of a key is remembered after its last line. */
export const valueRemembered = 90 * 86_400_000;

/**
 * A value that differs from the one before, in the order of event times; lines older than the newest that was counted say
 * nothing about what changed since. Each change counts as one line.
 */
export function observeChange(
  memory: ChangeMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<ChangeMemory> {
  const values = inOrder(signals, now).filter(({ ts }) => ts >= (memory?.at ?? 0));
  const newest = values.at(-1);
  if (!newest) return { outcome: 'ignored', reason: memory ? 'too late' : 'several keys' };

  const known = memory ? [{ value: memory.value, ts: memory.at }, ...values] : values;
  const changes = known.flatMap(({ ts, value: to }, at) => {
    const before = known[at - 1];
    return before && before.value !== to ? [{ ts, from: before.value, to }] : [];
  });
  const last = changes.at(-1);
  const next: ChangeMemory = { type: 'change', value: newest.value, at: newest.ts };
  if (!last) {
    const isKnown = memory !== undefined && isFresh(memory.at, newest.ts, valueRemembered);
    return isKnown ? { outcome: 'ignored', reason: 'unchanged' } : { outcome: 'noted', memory: next };
  }

  const { labels, samples } = tallyOf(signals);
  const span = { count: changes.length, first: changes[0]?.ts ?? last.ts, last: last.ts };
  const tally = { labels, ...span, samples: joinSamples(samples, []) };
  const measured = { type: 'change', from: last.from, to: last.to } as const;
  return { outcome: 'counted', memory: next, firing: { tally, measured } };
}

function inOrder(signals: readonly Signal[], now: number): TimedValue[] {
  const values = signals.flatMap(({ values = [] }) => values);
  return values.map(({ ts, value }) => ({ ts: Math.min(ts, now), value })).sort((a, b) => a.ts - b.ts);
}
