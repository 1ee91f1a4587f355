import { observe } from '../../shared/conditions/condition.js';
import type { Memory } from '../../shared/conditions/index.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Group } from '../../shared/text/groupBy.js';
import { T0 } from './alerts.js';
import { repeated, signalsOf, type TestLine } from './signals.js';

/** A test of windows: batches that come one after the other, and what {@link observed} makes of each. */
export type WindowCase = [name: string, batches: TestLine[][], expected: unknown[]];

/** So many seconds after T0. */
export const at = (seconds: number) => T0 + seconds * 1000;

/** So many equal lines. */
export const lines = (seconds: number, count: number, line: Partial<TestLine> = {}) =>
  repeated(at(seconds), count, 0, line);

/**
 * What becomes of batches that come one after the other, each when its newest line is logged: lines told and what was
 * measured of the loudest window, or else why not.
 */
export function observed(rule: Rule, batches: readonly TestLine[][]) {
  let memory: Memory | undefined;
  let now = 0;
  return batches.map((batch) => {
    now = Math.max(now, ...batch.map(({ ts }) => ts));
    const observation = observe(rule, memory, signalsOf(rule, batch as Group<TestLine>), now);
    if (observation.outcome === 'ignored') return observation.reason;
    memory = observation.memory;
    if (!observation.firing) return 'quiet';
    const { type: _, ...measured } = observation.firing.measured;
    return [observation.firing.tally.count, ...Object.values(measured)];
  });
}
