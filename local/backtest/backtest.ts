import { withSilencers } from '../../shared/alerts/ruleTests.js';
import { simulate } from '../../shared/alerts/simulate.js';
import type { AlertsConfig } from '../../shared/config/config.js';
import { compileRules } from '../../shared/rules/match.js';
import { type Rule, windowOf } from '../../shared/rules/rule.js';
import { columnsOf } from './chart.js';
import { type BacktestResult, chartColumns } from './page.js';
import type { Period } from './period.js';
import { type Reading, readSlots, type Slot } from './slots.js';
import type { StoredObjects } from './storedObjects.js';
import { Summary } from './summary.js';

/** Firehose hands the transform what came within this time (infra/resources/firehose.yml), in milliseconds. */
const slotWidth = 20_000;

/**
 * What the chosen rules would have told of stored lines, had they been there. Windows that reach back before the period are filled,
 * too, so its beginning is like the rest of it. A rule in shadow mode counts as if it were live.
 *
 * @param progress is told now and then what has been read
 */
export async function backtest(
  chosen: readonly Rule[],
  rules: readonly Rule[],
  alerts: AlertsConfig | undefined,
  objects: StoredObjects,
  period: Period,
  progress: (reading: Reading) => void,
): Promise<BacktestResult> {
  const began = performance.now();
  const live = withSilencers(chosen, rules).map((rule): Rule => ({ ...rule, mode: 'live' }));
  const columns = columnsOf(period, chartColumns);
  const summary = new Summary(chosen, columns);
  const reading: Reading = { rows: 0, bytes: 0, objects: 0, unreadable: 0, hours: 0 };
  const from = period.from - longestWindow(live);

  async function* invocations(): AsyncGenerator<Slot> {
    const slots = readSlots(objects, compileRules(live), { ...period, from }, slotWidth, reading);
    for await (const slot of slots) {
      for (const signal of slot.signals) if (signal.first >= period.from) summary.matched(signal);
      progress(reading);
      yield slot;
    }
  }

  let digests = 0;
  for await (const told of simulate(live, alerts, invocations(), { from, to: period.to })) {
    if (told.at < period.from) continue;
    if (told.kind === 'digest') digests++;
    else summary.fired(told);
  }
  return { period, columns, reading, took: performance.now() - began, rules: summary.rules(), digests };
}

/** What a window looks at before the period: a spike, two of them. */
function longestWindow(rules: readonly Rule[]): number {
  const windows = rules.map((rule) => (windowOf(rule) ?? 0) * (rule.type === 'spike' ? 2 : 1));
  return Math.max(0, ...windows);
}
