import { typeOf } from '../conditions/index.js';
import type { Rule } from '../rules/language/rule.js';
import type { SignalBatch } from '../signals/signal.js';
import { type Group, groupBy } from '../text/groupBy.js';
import type { KeyMatches } from './newKeys.js';
import { failureSignals } from './operations.js';
import type { AlertOutcome } from './outcome.js';
import type { AlertId } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import type { Part } from './state/decide.js';
import { alertId } from './state/ids.js';

/** What batches hold by rule and key. */
export interface Matches {
  readonly matches: readonly KeyMatches[];
  /** Of rules that were deleted after the lines matched them. */
  readonly unknown: readonly AlertOutcome[];
  /** The batches to deliver again when a key has failed, or one that stands for several of a rule. */
  again(id: AlertId): readonly SignalBatch[];
}

/** @param now ms since the epoch. */
export function matchesIn(batches: readonly SignalBatch[], book: RuleBook, now: number): Matches {
  const byId = new Map<string, { id: AlertId; rule: Rule; parts: Part[]; batches: SignalBatch[] }>();
  const unknown = new Map<string, number>();
  for (const batch of batches) {
    const { id: batchId, signals, failures = [], shadow = false } = batch;
    for (const [name, ofRule] of groupBy([...failureSignals(failures, now), ...signals], ({ rule }) => rule)) {
      const rule = ruleOf(name, shadow, book);
      if (rule === 'unknown') {
        unknown.set(
          name,
          ofRule.reduce((sum, { count }) => sum + count, unknown.get(name) ?? 0),
        );
      } else if (rule !== 'not counted') {
        for (const [key, of] of groupBy(ofRule, (signal) => signal.key)) {
          const id: AlertId = { rule: name, key, ...(shadow ? { replayed: true } : {}) };
          const match = byId.get(alertId(id)) ?? { id, rule, parts: [], batches: [] };
          byId.set(alertId(id), match);
          match.parts.push({ batch: batchId, signals: of });
          match.batches.push(batch);
        }
      }
    }
  }
  const all = [...byId.values()];
  return {
    matches: all.map(({ id, rule, parts }) => ({ id, rule, parts: parts as Group<Part> })),
    unknown: [...unknown].map(([rule, count]) => ({ outcome: 'unknown rule', rule, count })),
    again: (id) =>
      byId.get(alertId(id))?.batches ?? all.flatMap((each) => (each.id.rule === id.rule ? each.batches : [])),
  };
}

/** Of replayed lines, a rule is as in shadow mode, and none takes them for a sign of life. */
function ruleOf(name: string, shadow: boolean, book: RuleBook): Rule | 'unknown' | 'not counted' {
  const rule = book.find(name);
  if (!rule) return 'unknown';
  if (!shadow) return rule;
  return typeOf(rule).missing ? 'not counted' : { ...rule, mode: 'shadow' };
}
