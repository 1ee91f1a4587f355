import { lastSeenBy, watchOf } from '../../conditions/condition.js';
import { typeOf } from '../../conditions/index.js';
import type { Rule } from '../../rules/language/rule.js';
import { streamRule } from '../../rules/streamRule.js';
import { joinKey } from '../../signals/alertKey.js';
import type { AlertPorts } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import type { AlertState, Ending, Notice } from './alertState.js';
import type { Decision } from './decide.js';
import { alertId } from './ids.js';

type Labels = Readonly<Record<string, string>>;

/** Lines are to have come this near to an end, at least: in milliseconds. */
const recently = 5 * 60_000;

/**
 * How what became quiet ended: undefined when it is over. A service that logs nothing at all any more logs no errors either, and
 * nobody knows what became of it; rules about absence know who has fallen silent.
 */
export async function endingOf(
  rule: Rule,
  labels: Labels,
  book: RuleBook,
  { store, clock }: Pick<AlertPorts, 'store' | 'clock'>,
): Promise<Ending | undefined> {
  if (rule.resolveAfter === undefined || typeOf(rule).missing) return undefined;
  const now = clock.now();
  for (const other of book.rules.filter((each) => watches(each, labels))) {
    const key = joinKey(other.by.map((column) => labels[column] ?? ''));
    const state = (await store.load(alertId({ rule: other.name, key })))?.value as AlertState | undefined;
    const watch = state && watchOf(other, state.memory, state.labels);
    const since = state && lastSeenBy(state.memory);
    if (!watch || since === undefined || watch.missedFrom === Number.POSITIVE_INFINITY) continue;
    if (now - since > Math.max(rule.resolveAfter / 2, recently)) return { as: 'silent', since };
  }
  return undefined;
}

/** Whether a rule misses lines of a part of all that an alert is about, such as its service. */
function watches({ name, type, by }: Rule, labels: Labels): boolean {
  return type === 'absence' && name !== streamRule.name && by.length > 0 && by.every((column) => column in labels);
}

/** A decision to tell that something ended, which says how. */
export function withEnding<D extends Decision>(decision: D, ending: Ending): D {
  const ended = (notice: Notice): Notice => ({ ...notice, ending });
  if (decision.action !== 'notify' || decision.next.delivery.status !== 'pending') return decision;
  const { delivery } = decision.next;
  return {
    ...decision,
    notice: ended(decision.notice),
    next: { ...decision.next, delivery: { ...delivery, notice: ended(delivery.notice) } },
  };
}
