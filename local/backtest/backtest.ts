import { withSilencers } from '../../shared/alerts/simulation/ruleTests.js';
import { type Notified, Simulation } from '../../shared/alerts/simulation/simulate.js';
import { typeOf } from '../../shared/conditions/index.js';
import type { AlertsConfig } from '../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import type { Group } from '../../shared/text/groupBy.js';
import type { Bucket } from './buckets.js';
import { type Columns, columnsOf } from './chart.js';
import { type BacktestResult, chartColumns } from './page.js';
import type { Period } from './period.js';
import type { Progress, Slot } from './slot.js';
import { hoursOf, readSlotsOfSets } from './slots.js';
import { Summary } from './summary.js';

/** Firehose hands the transform what came within this time (infra/resources/firehose.yml), in milliseconds. */
const slotWidth = 20_000;

export interface BacktestOptions extends Tried, Stored {}

/** What is tried. */
export interface Tried {
  /** The rules to try … */
  readonly chosen: readonly Rule[];
  /** … of all these, some of which may keep them silent. */
  readonly rules: readonly Rule[];
  readonly alerts?: AlertsConfig | undefined;
}

/** On which lines. */
export interface Stored {
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
  const [result] = await backtestAll([options], options);
  return result;
}

/** The same for several sets of rules, each for itself: lines are read once for all, from as early as the longest window asks for. */
export async function backtestAll<T extends Group<Tried>>(
  tried: T,
  stored: Stored,
): Promise<{ [Index in keyof T]: BacktestResult }> {
  const { buckets, period, learn, late, progress, signal } = stored;
  const began = performance.now();
  const columns = columnsOf(period, chartColumns);
  const involved = tried.map(({ chosen, rules }) => liveRules(chosen, rules));
  const from = period.from - Math.max(learn, ...involved.map(longestLookBack));
  const sides = tried.map(
    ({ chosen, alerts }, index) => new Side(chosen, involved[index] ?? [], alerts, { period, columns, from }),
  );
  const sets = involved.map((rules) => compileRules(rules, { asStream: false }));
  const read: Progress = { rows: 0, bytes: 0, unreadable: 0, hours: 0 };
  const sought = { period: { ...period, from }, late, signal };
  const hours = hoursOf(sought).length;
  for await (const slots of readSlotsOfSets(buckets, sets, sought, slotWidth, read)) {
    for (const [index, slot] of slots.entries()) await sides[index]?.show(slot);
    progress(read.hours, hours);
  }
  for (const side of sides) await side.end();
  const took = performance.now() - began;
  const results = sides.map((side) => ({ period, columns, read, took, ...side.told() }));
  return results as { [Index in keyof T]: BacktestResult };
}

/** One set of rules, to which slots are shown. */
class Side {
  private readonly summary: Summary;
  private readonly simulation: Simulation;
  private digests = 0;

  constructor(
    chosen: readonly Rule[],
    involved: readonly Rule[],
    alerts: AlertsConfig | undefined,
    private readonly within: { readonly period: Period; readonly columns: Columns; readonly from: number },
  ) {
    this.summary = new Summary(chosen, within.columns);
    this.simulation = new Simulation(involved, alerts, within.from);
  }

  async show(slot: Slot): Promise<void> {
    for (const signal of slot.signals) {
      // A line that came late, or whose clock is wrong, counts where it arrived, as its alert does.
      const seen = Math.min(Math.max(signal.first, slot.at - slotWidth), slot.at - 1);
      if (seen >= this.within.period.from) this.summary.matched(signal, seen);
    }
    await this.note(this.simulation.show(slot));
  }

  end(): Promise<void> {
    return this.note(this.simulation.end(this.within.period.to));
  }

  told(): Pick<BacktestResult, 'rules' | 'digests'> {
    return { rules: this.summary.rules(), digests: this.digests };
  }

  private async note(notifications: AsyncIterable<Notified>): Promise<void> {
    for await (const notified of notifications) {
      if (notified.at < this.within.period.from) continue;
      if (notified.kind === 'digest') this.digests++;
      else this.summary.fired(notified);
    }
  }
}

/** The rules and those that they go by, as if people were told of all. */
function liveRules(chosen: readonly Rule[], rules: readonly Rule[]): Rule[] {
  return withSilencers(chosen, rules).map((rule) => ({ ...rule, mode: 'live' }));
}

/** How far before the period the rules look. */
function longestLookBack(rules: readonly Rule[]): number {
  return Math.max(0, ...rules.map((rule) => typeOf(rule).lookBack?.(rule) ?? 0));
}
