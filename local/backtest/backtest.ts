import { withSilencers } from '../../shared/alerts/simulation/ruleTests.js';
import { simulate } from '../../shared/alerts/simulation/simulate.js';
import { typeOf } from '../../shared/conditions/index.js';
import type { AlertsConfig } from '../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import type { Bucket } from './buckets.js';
import { columnsOf } from './chart.js';
import { type BacktestResult, chartColumns } from './page.js';
import type { Period } from './period.js';
import { hoursOf, type Progress, readSlots, type Slot } from './slots.js';
import { Summary } from './summary.js';

/** Firehose hands the transform what came within this time (infra/resources/firehose.yml), in milliseconds. */
const slotWidth = 20_000;

export interface BacktestOptions {
  /** The rules to try … */
  readonly chosen: readonly Rule[];
  /** … of all these, some of which may keep them silent. */
  readonly rules: readonly Rule[];
  readonly alerts?: AlertsConfig | undefined;
  readonly buckets: readonly Bucket[];
  readonly period: Period;
  /** For how long before the period lines are remembered though not reported, in milliseconds; at least the longest window. */
  readonly learn: number;
  /** How long after its event a line may have arrived, in milliseconds, and still count at its own time. */
  readonly late: number;
  /** Told of the hours that have been read, and of how many there are. */
  readonly progress: (done: number, total: number) => void;
  /** Ends it with the signal's reason; what it keeps in temporary folders is removed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What rules would have told of stored lines, had they been there. A rule in shadow mode counts as if it were live.
 *
 * @example
 * const result = await backtest({ chosen: rules, rules, buckets, period, learn: 0, progress: () => undefined });
 * console.log(renderBacktest(result));
 */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const { chosen, rules, alerts, buckets, period, learn, late, progress, signal } = options;
  const began = performance.now();
  const live = withSilencers(chosen, rules).map((rule): Rule => ({ ...rule, mode: 'live' }));
  const columns = columnsOf(period, chartColumns);
  const summary = new Summary(chosen, columns);
  const read: Progress = { rows: 0, bytes: 0, unreadable: 0, hours: 0 };
  const from = period.from - Math.max(learn, longestLookBack(live));
  const sought = { period: { ...period, from }, late, signal };
  const hours = hoursOf(sought).length;

  async function* invocations(): AsyncGenerator<Slot> {
    for await (const slot of readSlots(buckets, compileRules(live, { asStream: false }), sought, slotWidth, read)) {
      for (const signal of slot.signals) {
        // A line that came late, or whose clock is wrong, counts where it arrived, as its alert does.
        const seen = Math.min(Math.max(signal.first, slot.at - slotWidth), slot.at - 1);
        if (seen >= period.from) summary.matched(signal, seen);
      }
      progress(read.hours, hours);
      yield slot;
    }
  }

  let digests = 0;
  for await (const notified of simulate(live, alerts, invocations(), { from, to: period.to })) {
    if (notified.at < period.from) continue;
    if (notified.kind === 'digest') digests++;
    else summary.fired(notified);
  }
  return { period, columns, read, took: performance.now() - began, rules: summary.rules(), digests };
}

/** How far before the period the rules look. */
function longestLookBack(rules: readonly Rule[]): number {
  return Math.max(0, ...rules.map((rule) => typeOf(rule).lookBack?.(rule) ?? 0));
}
