import type { NotifiedAlert } from '../../shared/alerts/simulation/simulate.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Signal } from '../../shared/signals/signal.js';
import { type Columns, columnAt } from './chart.js';

/** What one rule would have done. */
export interface RuleSummary {
  readonly rule: Rule;
  /** Messages and parts of digests that tell of something, and those that tell that it is over. */
  readonly alerts: number;
  readonly resolved: number;
  readonly digested: number;
  /** Lines that match, and those of them that an alert told of only after they had been held back. */
  readonly lines: number;
  readonly suppressed: number;
  /** When the first and the last alert would have been told. */
  readonly first?: number;
  readonly last?: number;
  /** The keys that were told of, those with the most alerts first. */
  readonly keys: readonly KeySummary[];
  /** By column of the chart. */
  readonly linesOver: readonly number[];
  readonly alertsOver: readonly number[];
}

export interface KeySummary {
  readonly key: string;
  readonly alerts: number;
  readonly lines: number;
  readonly first: number;
  readonly last: number;
}

/** Adds up what rules match and whom they would have told, for a chart of these columns. */
export class Summary {
  private readonly byRule: ReadonlyMap<string, OpenRule>;

  constructor(
    rules: readonly Rule[],
    private readonly columns: Columns,
  ) {
    const none = () => Array.from({ length: columns.count }, () => 0);
    this.byRule = new Map(
      rules.map((rule) => [
        rule.name,
        { rule, resolved: 0, digested: 0, suppressed: 0, lines: none(), alerts: none(), keys: new Map() },
      ]),
    );
  }

  /** @param at when, ms since the epoch */
  matched({ rule, count }: Signal, at: number): void {
    const open = this.byRule.get(rule);
    if (open) increase(open.lines, columnAt(this.columns, at), count);
  }

  fired({ at, alert: { rule, key, notice }, digested }: NotifiedAlert): void {
    const open = this.byRule.get(rule);
    if (!open) return;
    if (notice.kind === 'resolved') {
      open.resolved++;
      return;
    }
    if (digested) open.digested++;
    open.suppressed += notice.suppressed;
    increase(open.alerts, columnAt(this.columns, at), 1);
    const known = open.keys.get(key);
    open.keys.set(key, {
      key,
      alerts: (known?.alerts ?? 0) + 1,
      lines: (known?.lines ?? 0) + notice.count,
      first: known?.first ?? at,
      last: at,
    });
  }

  /** The rules, those with the most alerts first. */
  rules(): RuleSummary[] {
    const rules = [...this.byRule.values()].map(closed);
    return rules.sort((a, b) => b.alerts - a.alerts || b.lines - a.lines);
  }
}

interface OpenRule {
  readonly rule: Rule;
  resolved: number;
  digested: number;
  suppressed: number;
  readonly lines: number[];
  readonly alerts: number[];
  readonly keys: Map<string, KeySummary>;
}

function closed({ rule, resolved, digested, suppressed, lines, alerts, keys }: OpenRule): RuleSummary {
  // The same whichever came first of those that are equally loud: lines of one time are read in any order.
  const loudest = [...keys.values()].sort(
    (a, b) => b.alerts - a.alerts || b.lines - a.lines || (a.key < b.key ? -1 : 1),
  );
  return {
    rule,
    alerts: sum(alerts),
    resolved,
    digested,
    lines: sum(lines),
    suppressed,
    ...(loudest.length > 0 && {
      first: loudest.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
      last: loudest.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY),
    }),
    keys: loudest,
    linesOver: lines,
    alertsOver: alerts,
  };
}

function increase(counts: number[], column: number, by: number): void {
  counts[column] = (counts[column] ?? 0) + by;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
