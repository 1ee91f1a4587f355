import fc from 'fast-check';
import type { WindowLength } from '../../../shared/compact/windows.js';

/** Something that happens to a stream that is compacted. */
export type Happening =
  /** An object appears, in the folder of an hour before. `lines` are numbers of possible lines: the same number is the same line sent again. */
  | { readonly kind: 'landing'; readonly hoursAgo: number; readonly lines: readonly number[] }
  /** The transform fails on records: an object appears under failed/. */
  | { readonly kind: 'failure'; readonly records: readonly (readonly number[])[] }
  /** Somebody replays what failed, while some calls fail: each after a number of others. */
  | { readonly kind: 'replay'; readonly again: boolean; readonly faults: readonly ReplayFault[] }
  /** An object appears that no engine can read. */
  | { readonly kind: 'damage' }
  | { readonly kind: 'pause'; readonly minutes: number }
  /** Days on which the schedule has workers look after the stream, and landed objects and manifests expire. */
  | { readonly kind: 'days'; readonly halves: number }
  /** The schedule sends a message, and a worker is invoked, whose clock is behind and jumps back and forth. */
  | { readonly kind: 'worker'; readonly behind: readonly number[] }
  /** Some workers go on by one call each. */
  | { readonly kind: 'calls'; readonly picks: readonly number[] }
  /** The next call of a worker fails before it has done anything, or afterwards, or the worker dies in it. */
  | { readonly kind: 'fault'; readonly pick: number; readonly how: Fault }
  /** From now on so many calls of the engine fail, or end their workers. */
  | { readonly kind: 'trouble'; readonly calls: number; readonly how: 'fails' | 'kills' }
  /** Columns change, or the length of windows. */
  | { readonly kind: 'deploy'; readonly window: WindowLength }
  /** Somebody deletes a landed object. */
  | { readonly kind: 'deletion'; readonly pick: number };

export type Fault = 'before' | 'after' | 'killed before' | 'killed after';

export interface ReplayFault {
  readonly after: number;
  readonly fate: 'fails before' | 'fails after';
}

/** What may happen, in any order. @param only kinds of it */
export function happenings(only?: readonly Happening['kind'][]): fc.Arbitrary<readonly Happening[]> {
  const all = Object.entries(arbitraries) as [Happening['kind'], Weighted][];
  const kinds = all.filter(([kind]) => only?.includes(kind) ?? true);
  const any = fc.oneof(
    ...kinds.map(([kind, { weight, with: more }]) => ({
      weight,
      arbitrary: more.map((each) => ({ kind, ...each }) as Happening),
    })),
  );
  return fc.array(any, { maxLength: 120, size: 'max' });
}

const pick = fc.nat({ max: 30 });
const lines = fc.array(fc.nat({ max: 24 }), { maxLength: 4 });
const hoursAgo = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 30 }));
const minutes = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 10, max: 120 }));
const picks = fc.array(pick, { minLength: 1, maxLength: 40 });
const how = fc.constantFrom<Fault>('before', 'after', 'killed before', 'killed after');
const fate = fc.constantFrom<ReplayFault['fate']>('fails before', 'fails after');

type Weighted = { readonly weight: number; readonly with: fc.Arbitrary<object> };

/** Without `kind`. */
const arbitraries: { readonly [Kind in Happening['kind']]: Weighted } = {
  landing: { weight: 6, with: fc.record({ hoursAgo, lines }) },
  failure: { weight: 1, with: fc.record({ records: fc.array(lines, { minLength: 1, maxLength: 3 }) }) },
  replay: {
    weight: 1,
    with: fc.record({
      again: fc.boolean(),
      faults: fc.array(fc.record({ after: fc.nat({ max: 12 }), fate }), { maxLength: 6 }),
    }),
  },
  damage: { weight: 1, with: fc.constant({}) },
  pause: { weight: 4, with: fc.record({ minutes }) },
  days: { weight: 1, with: fc.record({ halves: fc.integer({ min: 1, max: 8 }) }) },
  worker: { weight: 5, with: fc.record({ behind: fc.array(fc.nat({ max: 10 }), { minLength: 1, maxLength: 3 }) }) },
  calls: { weight: 14, with: fc.record({ picks }) },
  fault: { weight: 3, with: fc.record({ pick, how }) },
  trouble: {
    weight: 1,
    with: fc.record({
      calls: fc.integer({ min: 1, max: 9 }),
      how: fc.constantFrom('fails' as const, 'kills' as const),
    }),
  },
  deploy: { weight: 1, with: fc.record({ window: fc.constantFrom<WindowLength>('hour', 'hour', 'day') }) },
  deletion: { weight: 1, with: fc.record({ pick }) },
};
