import type { Silence } from '../../shared/alerts/ports.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { type AlertState, isFiring } from '../../shared/alerts/state/decide.js';
import { silenceFor } from '../../shared/alerts/state/silenceFor.js';
import { alarmRules } from '../../shared/metrics/alarmRules.js';
import type { Rule } from '../../shared/rules/language/rule.js';

/** What is remembered of one rule and key. */
export interface KeyState {
  readonly rule: string;
  readonly key: string;
  readonly state: AlertState;
}

/** A rule and what became of it. */
export interface RuleStatus {
  readonly name: string;
  readonly type: Rule['type'];
  readonly severity: Rule['severity'];
  readonly mode: Rule['mode'];
  /** Keys that something is remembered of. */
  readonly keys: number;
  readonly firing: number;
  /** When the last message about any of its keys went out, ms since the epoch. */
  readonly lastTold?: number;
  /** Keys with a message that is on its way, or that Slack has not taken yet. */
  readonly unsent: number;
  /** Lines that nobody has been told of yet. */
  readonly heldBack: number;
  /** Keys that a silence holds for now. */
  readonly silenced: number;
}

/** The rules in their order, each with what its keys come to. */
export function ruleStatuses(
  rules: readonly Rule[],
  states: readonly KeyState[],
  silences: readonly Silence[],
  now: number,
): RuleStatus[] {
  return rules.map((rule) => {
    const { name, type, severity, mode } = rule;
    const own = states.filter((each) => each.rule === name);
    const keys = own.map(({ state }) => state);
    const unsent = keys.filter(({ delivery }) => delivery.status === 'pending');
    const told = keys.flatMap((state) => (unsent.includes(state) || state.shadow ? [] : (state.cooldown?.start ?? [])));
    return {
      name,
      type,
      severity,
      mode,
      keys: keys.length,
      firing: keys.filter((state) => isFiring(state, rule, now)).length,
      ...(told.length === 0 ? {} : { lastTold: told.reduce((a, b) => Math.max(a, b)) }),
      unsent: unsent.length,
      heldBack: keys.reduce((sum, { held }) => sum + (held?.count ?? 0), 0),
      silenced: own.filter(({ key, state }) => silenceFor(silences, { rule, key, labels: state.labels, state }, now))
        .length,
    };
  });
}

/** How many keys are remembered of rules that are no more; those that come along with any rules are. */
export function unknownRules(rules: readonly Rule[], states: readonly KeyState[]): { readonly [name: string]: number } {
  const known = new Set(ruleBook([...rules, ...alarmRules()]).rules.map(({ name }) => name));
  const counts: { [name: string]: number } = {};
  for (const { rule } of states) {
    if (!known.has(rule)) counts[rule] = (counts[rule] ?? 0) + 1;
  }
  return counts;
}
