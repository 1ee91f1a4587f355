import type { CompiledRule } from './compiledRule.js';

/** The longest event time, in milliseconds, in which each of the rules counts lines alike: one or more. */
export function slotWidthOf(rules: readonly CompiledRule[]): number {
  return rules.map(({ width }) => width).reduce(greatestCommonDivisor);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
