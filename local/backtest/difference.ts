import { isDeepStrictEqual } from 'node:util';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { RuleSummary } from './summary.js';

/** What becomes of one rule. */
export interface RuleDifference {
  readonly name: string;
  readonly change: Change;
  /** Undefined on the side that does not have the rule. */
  readonly before: Told | undefined;
  readonly after: Told | undefined;
}

/** `same` is the rule itself; what it tells may differ all the same, because another one keeps it silent. */
type Change = 'added' | 'removed' | 'changed' | 'same';

/** What a rule would have told in the period. */
export interface Told {
  /** 0 in shadow mode, whatever it would have told. */
  readonly alerts: number;
  /** Lines that it matches. */
  readonly lines: number;
  /** The same in shadow mode: alerts that nobody would have been told of. */
  readonly inShadow: number;
  readonly severity: Rule['severity'];
  /** The keys that were told of, those with the most alerts first. */
  readonly keys: readonly { readonly key: string; readonly alerts: number }[];
}

/** Compares two backtests over the same lines; rules that differ in nothing are left out. Those whose alerts differ most come first. */
export function differencesOf(before: readonly RuleSummary[], after: readonly RuleSummary[]): RuleDifference[] {
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((name) => differenceOf(name, old.get(name), now.get(name)))
    .filter(({ change, before, after }) => change !== 'same' || !isDeepStrictEqual(before, after))
    .sort((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1));
}

/** All that people would have been told. */
export function alertsOf(rules: readonly RuleSummary[]): number {
  return rules.reduce((sum, rule) => sum + toldBy(rule).alerts, 0);
}

function byName(rules: readonly RuleSummary[]): ReadonlyMap<string, RuleSummary> {
  return new Map(rules.map((summary) => [summary.rule.name, summary]));
}

function differenceOf(name: string, before: RuleSummary | undefined, after: RuleSummary | undefined): RuleDifference {
  return {
    name,
    change: changeOf(before?.rule, after?.rule),
    before: before && toldBy(before),
    after: after && toldBy(after),
  };
}

function changeOf(before: Rule | undefined, after: Rule | undefined): Change {
  if (!before) return 'added';
  if (!after) return 'removed';
  return isDeepStrictEqual(before, after) ? 'same' : 'changed';
}

function toldBy({ rule, alerts, lines, keys }: RuleSummary): Told {
  const isShadow = rule.mode === 'shadow';
  return {
    alerts: isShadow ? 0 : alerts,
    lines,
    inShadow: isShadow ? alerts : 0,
    severity: rule.severity,
    keys: keys.map(({ key, alerts }) => ({ key, alerts })),
  };
}

function weightOf({ before, after }: RuleDifference): number {
  return Math.abs((after?.alerts ?? 0) - (before?.alerts ?? 0));
}
