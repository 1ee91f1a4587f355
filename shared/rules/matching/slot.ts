import type { CompiledRule } from './compiledRule.js';

/** The longest event time, in milliseconds, in which each of the rules counts lines alike: one or more. */
export function slotWidthOf(rules: readonly CompiledRule[]): number {
  return rules.map(({ width }) => width).reduce(greatestCommonDivisor);
}

/** Rules that can count lines together. */
interface SlotGroup {
  readonly rules: readonly CompiledRule[];
  /** Event time in which all of them count lines alike, in milliseconds: the narrowest of their buckets. */
  readonly slotWidth: number;
}

/**
 * Puts rules together where the buckets of one are made of those of another. All of them together might have slots of no more than a second,
 * in which few lines are alike: 24 and 25 seconds have nothing else in common.
 */
export function groupBySlot(rules: readonly CompiledRule[]): readonly SlotGroup[] {
  const groups: SlotGroup[] = [];
  for (const rule of [...rules].sort((a, b) => a.width - b.width)) {
    const at = groups.findIndex(({ slotWidth }) => rule.width % slotWidth === 0);
    const group = groups[at];
    if (group) groups[at] = { ...group, rules: [...group.rules, rule] };
    else groups.push({ rules: [rule], slotWidth: rule.width });
  }
  return groups;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
