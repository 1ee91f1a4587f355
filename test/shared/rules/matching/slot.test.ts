import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledRule } from '../../../../shared/rules/matching/compiledRule.js';
import { groupBySlot } from '../../../../shared/rules/matching/slot.js';

const ofWidth = (width: number) => ({ width }) as CompiledRule;
const widths = (groups: ReturnType<typeof groupBySlot>) =>
  groups.map(({ slotWidth, rules }) => [slotWidth, rules.map(({ width }) => width)]);

describe('rules that count lines together', () => {
  it('are those whose buckets are made of the same slots', () => {
    expect(widths(groupBySlot([24, 15, 25, 75, 50].map(ofWidth)))).toEqual([
      [15, [15, 75]],
      [24, [24]],
      [25, [25, 50]],
    ]);
  });

  it('are each in one group, and no slot is on two of their buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }).map(ofWidth)), (rules) => {
        const groups = groupBySlot(rules);
        expect(new Set(groups.flatMap((group) => group.rules))).toEqual(new Set(rules));
        expect(groups.flatMap((group) => group.rules)).toHaveLength(rules.length);
        for (const { slotWidth, rules } of groups) for (const { width } of rules) expect(width % slotWidth).toBe(0);
      }),
    );
  });
});
