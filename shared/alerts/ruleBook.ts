import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';
import { type Grouping, groupingOf } from './groups/grouping.js';
import { operationsRules } from './operations.js';
import { keepsIncidents, messagesPerMinute } from './routing.js';
import { type RoutingTable, routingTable } from './routingTable.js';

/** The current rules, with those about Firesplit itself, and whom to tell of what they find. */
export interface RuleBook extends RoutingTable {
  find(name: string): Rule | undefined;
  readonly rules: readonly Rule[];
  /** Single alerts that one endpoint gets in any minute. */
  readonly messagesPerMinute: number;
  /** Whether the route's destination keeps an incident of each alert, which has to be closed. */
  keepsIncidents(route: string): boolean;
  /** Which alerts become one message. */
  readonly grouping: Grouping;
  /** How many rules stand one behind the other in `unlessFiring` and `onlyIfFiring`, from this one on: 0 for a rule that depends on none. */
  rankOf(rule: Rule): number;
  /**
   * The same, but rules that go by the same columns count as one step: the states of a key are decided on and saved together, in the order of their
   * ranks. A rule for what is new looks at other keys of its own first, so it is a step behind what it depends on.
   */
  stageOf(rule: Rule): number;
}

/** @param config the section `alerts` of infra/firesplit.yml. */
export function ruleBook(rules: readonly Rule[], config: AlertsConfig = {}): RuleBook {
  const all = [...rules, ...operationsRules(config)];
  const byName = new Map(all.map((rule) => [rule.name, rule]));
  const dependsOn = ({ unlessFiring, onlyIfFiring = [] }: Rule) =>
    [...unlessFiring, ...onlyIfFiring].flatMap((other) => byName.get(other) ?? []);

  return {
    find: (name) => byName.get(name),
    rules: all,
    ...routingTable(config),
    messagesPerMinute: messagesPerMinute(config),
    keepsIncidents: (route) => keepsIncidents(route, config),
    grouping: groupingOf(config),
    rankOf: stepsOf(dependsOn, () => 1),
    stageOf: stepsOf(dependsOn, (rule, other) => (rule.type !== 'new' && isSameKey(rule, other) ? 0 : 1)),
  };
}

/** How many steps a rule is behind those that it depends on, at least. */
function stepsOf(
  dependsOn: (rule: Rule) => readonly Rule[],
  stepBetween: (rule: Rule, other: Rule) => number,
): (rule: Rule) => number {
  const known = new Map<string, number>();
  return function stepsOf(rule) {
    const steps = known.get(rule.name);
    if (steps !== undefined) return steps;
    // Rules that wait for each other are refused when they are loaded; should they come here, the circle ends.
    known.set(rule.name, 0);
    const most = Math.max(0, ...dependsOn(rule).map((other) => stepsOf(other) + stepBetween(rule, other)));
    known.set(rule.name, most);
    return most;
  };
}

function isSameKey({ by }: Rule, other: Rule): boolean {
  return by.join('|') === other.by.join('|');
}
