import type { Rule } from '../rules/language/rule.js';
import { inParallel } from '../text/parallel.js';
import type { AlertPorts } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import { parallelSaves, update } from './state/update.js';

/** Since when a rule learns, ms since the epoch. */
interface Learning {
  readonly since: number;
}

/** As good as for ever, milliseconds: a rule that learned again would say nothing of what is new meanwhile. */
const learningKept = 10 * 365 * 86_400_000;

/** Begins the learning of the rules that were not there before: not only when the first of their lines comes, which may be the one that matters. */
export async function beginLearning({ rules }: RuleBook, ports: Pick<AlertPorts, 'store' | 'clock'>): Promise<void> {
  await inParallel(rules.filter(learns), parallelSaves, (rule) => learningSince(rule, ports));
}

/** Whether the keys that turn up are remembered and not told. */
export async function isLearning(
  rule: Extract<Rule, { type: 'new' }>,
  ports: Pick<AlertPorts, 'store' | 'clock'>,
): Promise<boolean> {
  return learns(rule) && ports.clock.now() < (await learningSince(rule, ports)) + rule.learn;
}

function learns(rule: Rule): boolean {
  return rule.type === 'new' && rule.learn > 0;
}

function learningSince({ name }: Rule, { store, clock }: Pick<AlertPorts, 'store' | 'clock'>): Promise<number> {
  return update<Learning, number>(store, `learning#${name}`, (known) => {
    if (known) return { next: undefined, result: known.since, lasts: true };
    const since = clock.now();
    return { next: { value: { since }, terms: { expires: since + learningKept } }, result: since };
  });
}
