import { typeOf } from '../conditions/index.js';
import type { Rule } from '../rules/language/rule.js';
import { joinKey } from '../signals/alertKey.js';
import { groupBy } from '../text/groupBy.js';
import { inParallel } from '../text/parallel.js';
import { alertTerms } from './consider.js';
import type { AlertPorts } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import { type AlertState, expectKey } from './state/decide.js';
import { alertId } from './state/ids.js';
import { parallelSaves, savedTogether, update } from './state/update.js';

type Ports = Pick<AlertPorts, 'store' | 'clock'>;

/** A key that a rule expects. */
interface Expected {
  readonly rule: Rule;
  readonly labels: Readonly<Record<string, string>>;
  readonly key: string;
}

/** Gives each expected key a state, so that its absence is noticed even if it was never seen. */
export async function expectKeys(book: RuleBook, { store, clock }: Ports): Promise<void> {
  const expected = book.rules.flatMap((rule) => {
    const keys = typeOf(rule).missing?.expected(rule) ?? [];
    return keys.map((labels) => ({ rule, labels, key: joinKey(rule.by.map((name) => labels[name] ?? '')) }));
  });
  const keys = groupBy(expected, ({ key }) => key);
  await inParallel([...keys.values()], parallelSaves, (ofKey) => {
    const [{ rule, key }] = ofKey;
    return savedTogether(store, alertId({ rule: rule.name, key }), async (store) => {
      for (const each of ofKey) await expectOne(each, { store, clock });
    });
  });
}

function expectOne({ rule, labels, key }: Expected, { store, clock }: Ports): Promise<void> {
  return update<AlertState, void>(store, alertId({ rule: rule.name, key }), (state) => {
    const value = state ? undefined : expectKey(rule, labels, clock.now());
    const next = value && { value, terms: alertTerms(value, rule, clock.now(), undefined) };
    // A state that is recalled may be gone from the table by now. The next sweep finds out.
    return { next, result: undefined, lasts: true };
  });
}
