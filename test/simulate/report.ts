import { bars } from '../../local/backtest/chart.js';
import { dynamodb, responseBudgetBytes } from '../../shared/limits.js';
import { dollarsOf } from './bill.js';
import { type ProbeKind, storm } from './probeTimes.js';
import { requestsPerMiB } from './setting.js';
import type { Simulated } from './simulate.js';
import { outstandingOf } from './stream.js';

const MiB = 2 ** 20;
const hourMs = 3_600_000;

/** A table of the report: cells are text, for the terminal and for the page alike. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The value that so large a part of the values does not exceed; 0 of none. @param sorted ascending */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** What was simulated, in a line. */
export function headline({ load, setting, from, hours, weight, shown, outage }: Simulated): string {
  const each = setting.deployments > 1 ? ` in each of ${setting.deployments} deployments` : '';
  const away = outage
    ? `, ${outage.of === 'slack' ? 'Slack' : 'the alert function'} away for ${outage.lasts / 60_000} min`
    : '';
  const alike = weight > 1 ? `; ${shown} services are shown to the rules, each for ${weight.toFixed(0)}` : '';
  return `${hours} h from ${from}:00 UTC on, at ${count(load.gbPerDay)} GB a day, ${count(load.services)} services, ${count(load.containers)} containers${each}${away}${alike}`;
}

/** Of each quota the most that was used, and how often it said no. */
export function usedTable(simulated: Simulated): Table {
  const { stream, transform, alert, table, queue, setting, hours, byHour, sweep, slack } = simulated;
  const of = (used: number, quota: number) => `${((100 * used) / quota).toFixed(0)} %`;
  const hour = hourMs * Math.min(1, hours);
  const busiest = Math.max(...byHour.all.map(({ busy }) => busy)) / hour;
  const units = (1000 * Math.max(...byHour.all.map(({ writeUnits }) => writeUnits))) / hour;
  const { concurrency } = setting.alert;
  const largest = table.largestItem;
  const runs = sweep.busy / Math.max(1, sweep.invocations);
  return {
    columns: ['stage', 'of', 'most used', 'quota or setting', 'used', 'refused'],
    rows: [
      [
        'stream',
        'MiB/s',
        fixed(stream.mostBytes / MiB),
        count(setting.quotaMiB),
        of(stream.mostBytes / MiB, setting.quotaMiB),
        '',
      ],
      [
        'stream',
        'requests/s',
        count(stream.mostRequests),
        count(setting.quotaMiB * requestsPerMiB),
        of(stream.mostRequests, setting.quotaMiB * requestsPerMiB),
        count(stream.throttled),
      ],
      [
        'transform',
        'invocations at a time',
        count(stream.mostOutstanding),
        count(outstandingOf(setting.quotaMiB)),
        of(stream.mostOutstanding, outstandingOf(setting.quotaMiB)),
        '',
      ],
      [
        'transform',
        'answer, MiB',
        fixed(transform.largestAnswer / MiB),
        fixed(responseBudgetBytes / MiB),
        of(transform.largestAnswer, responseBudgetBytes),
        count(transform.putBack),
      ],
      [
        'alert',
        `instances of ${setting.alert.memory} MB, busiest hour`,
        fixed(busiest),
        count(concurrency),
        of(busiest, concurrency),
        count(alert.timeouts),
      ],
      ['queue', 'messages that wait', count(queue.most), '', '', count(queue.dead)],
      [
        'table',
        'write units/s, busiest hour',
        count(units),
        count(dynamodb.maxTableUnits),
        of(units, dynamodb.maxTableUnits),
        count(table.throttled),
      ],
      [
        'table',
        'largest item, KiB',
        fixed(largest / 1024),
        count(dynamodb.maxItemBytes / 1024),
        of(largest, dynamodb.maxItemBytes),
        count(table.conflicts),
      ],
      [
        'sweep',
        'seconds of a run, mean',
        fixed(runs / 1000),
        count(setting.sweep.timeout / 1000),
        of(runs, setting.sweep.timeout),
        count(sweep.timeouts),
      ],
      ['Slack', 'messages an hour', fixed(slack.messages / hours), '', '', count(slack.throttled)],
    ],
  };
}

/** Writes for which another instance was faster, by who wrote and what. */
export function refusedTable({ table }: Simulated): Table {
  const rows = Object.entries(table.conflictsOf)
    .sort(([, a], [, b]) => b - a)
    .slice(0, shownRefused);
  return { columns: ['write of', 'refused'], rows: rows.map(([kind, of]) => [kind, count(of)]) };
}

const shownRefused = 10;

/** How late things are, in seconds. */
export function lagTable({ counted, told }: Simulated): Table {
  const row = (name: string, of: readonly number[]) => [
    name,
    count(of.length),
    ...[0.5, 0.99, 1].map((part) => (of.length === 0 ? '-' : fixed(quantile(of, part) / 1000))),
  ];
  return {
    columns: ['from a line', 'of', 'p50', 'p99', 'max'],
    rows: [
      row('until its signals are counted', counted),
      ...Object.entries(told).map(([kind, of]) => row(`until people are told, ${kindNames[kind as ProbeKind]}`, of)),
    ],
  };
}

const kindNames: Readonly<Record<ProbeKind, string>> = {
  alone: 'alone',
  'in a row': 'one in each five minutes',
  'in a storm': `in a storm of ${storm.lines}`,
};

/** Dollars a month, by stage. */
export function dollarTable(simulated: Simulated): Table {
  const stages = [...dollarsOf(simulated)];
  const sum = stages.reduce((total, [, dollars]) => total + dollars, 0);
  const rows = [...stages, ['all of these', sum] as const].map(([stage, dollars]) => [
    stage,
    `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`,
  ]);
  return { columns: ['stage', 'a month'], rows };
}

/** By the hour, as bars of a character each. */
export function chart({ byHour: { all } }: Simulated): string[] {
  const line = (name: string, values: readonly number[], unit: string, scale: number) =>
    `${name.padEnd(24)} ${bars(values)}  at most ${fixed(Math.max(...values) / scale)} ${unit}`;
  return [
    line(
      'raw lines',
      all.map(({ rawBytes }) => rawBytes / 3600),
      'MB/s',
      1e6,
    ),
    line(
      'requests refused',
      all.map(({ throttled }) => throttled / 3600),
      '/s',
      1,
    ),
    line(
      'messages that wait',
      all.map(({ queued }) => queued),
      '',
      1,
    ),
    line(
      'until signals are counted',
      all.map(({ lag }) => lag),
      's',
      1000,
    ),
    line(
      'write units',
      all.map(({ writeUnits }) => writeUnits / 3600),
      '/s',
      1,
    ),
  ];
}

/** What is amiss after the day; nothing when all that was sent has come. */
export function lossesOf({ queue, probes, untold }: Simulated): string[] {
  return [
    ...(untold > 0 ? [`${untold} of ${probes} alerts were never told`] : []),
    ...(queue.dead > 0
      ? [`${queue.dead} messages were set aside: they wait in the dead-letter queue to be sent again`]
      : []),
    ...(queue.left > 0 ? [`${queue.left} messages still wait four hours after the day`] : []),
  ];
}

function fixed(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
