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
}

/** @param config the section `alerts` of infra/firesplit.yml. */
export function ruleBook(rules: readonly Rule[], config: AlertsConfig = {}): RuleBook {
  const all = [...rules, ...operationsRules(config)];
  const byName = new Map(all.map((rule) => [rule.name, rule]));
  const ranks = new Map<string, number>();

  function rankOf({ name, unlessFiring, onlyIfFiring = [] }: Rule): number {
    const known = ranks.get(name);
    if (known !== undefined) return known;
    // Rules that wait for each other are refused when they are loaded; should they come here, the circle ends.
    ranks.set(name, 0);
    const others = [...unlessFiring, ...onlyIfFiring].flatMap((other) => byName.get(other) ?? []);
    const rank = others.reduce((highest, other) => Math.max(highest, rankOf(other) + 1), 0);
    ranks.set(name, rank);
    return rank;
  }

  return {
    find: (name) => byName.get(name),
    rules: all,
    ...routingTable(config),
    messagesPerMinute: messagesPerMinute(config),
    keepsIncidents: (route) => keepsIncidents(route, config),
    grouping: groupingOf(config),
    rankOf,
  };
}
