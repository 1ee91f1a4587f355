import { readFile, writeFile } from 'node:fs/promises';
import type { Rule } from '../../shared/rules/language/rule.js';
import { replaceSection } from '../../tools/docs/sections.js';
import { dollarsOf } from './bill.js';
import { lagTable, lossesOf, type Table, usedTable } from './report.js';
import { flushedBy, type Load, requestsPerMiB, settingFor } from './setting.js';
import { type Day, type Outage, type Simulated, simulateDay } from './simulate.js';

const path = 'docs/scale.md';
const MiB = 2 ** 20;

/** A load for each decade, of tasks of a usual size. */
const decades: readonly Load[] = [
  { gbPerDay: 1, services: 5, containers: 10 },
  { gbPerDay: 10, services: 20, containers: 50 },
  { gbPerDay: 100, services: 50, containers: 500 },
  { gbPerDay: 1000, services: 100, containers: 1000 },
  { gbPerDay: 10_000, services: 5000, containers: 50_000 },
  { gbPerDay: 100_000, services: 20_000, containers: 200_000 },
];

/** Those that are simulated for the page. */
const simulatedLoads = decades.slice(0, 5);

/** Of each, when it begins, and hours: as many as take a minute or two. The last is the busiest burst of the day. */
const spans: readonly Pick<Required<Day>, 'from' | 'hours'>[] = [
  { from: 0, hours: 24 },
  { from: 0, hours: 24 },
  { from: 0, hours: 24 },
  { from: 9, hours: 6 },
  { from: 13.4, hours: 0.2 },
];

/** Keys that are decided on of each, at the least. */
const decisions = 1000;

/** What is away for half an hour in the middle of the hours, of the third of them. */
const outages: readonly Outage[] = [
  { of: 'alert', lasts: 30 * 60_000 },
  { of: 'slack', lasts: 30 * 60_000 },
];

/** Simulates the loads of the page, and writes what came out into it. */
export async function updateScalePage(rules: readonly Rule[]): Promise<void> {
  const days: Simulated[] = [];
  for (const [at, load] of simulatedLoads.entries()) days.push(await day(load, { from: 0, hours: 24, ...spans[at] }));
  const away: Simulated[] = [];
  const [, , outageLoad] = simulatedLoads;
  if (outageLoad) for (const outage of outages) away.push(await day(outageLoad, { from: 12, hours: 3 }, outage));
  const text = await readFile(path, 'utf8');
  const sections = {
    settings: await settingLines(),
    simulations: simulationLines(days),
    outages: outageLines(away),
  };
  await writeFile(
    path,
    Object.entries(sections).reduce((page, [name, lines]) => replaceSection(path, page, name, lines), text),
  );

  async function day(load: Load, span: Pick<Required<Day>, 'from' | 'hours'>, outage?: Outage): Promise<Simulated> {
    console.log(`simulating ${nameOf(load)} a day${outage ? `, ${outage.of} away` : ''}`);
    return simulateDay({ load, setting: await settingFor(load), rules, ...span, decisions, outage });
  }
}

/** What to set for each decade: test/simulate/page.test.ts holds the page to it. */
export async function settingLines(): Promise<string[]> {
  const rows = await Promise.all(
    decades.map(async (load) => {
      const setting = await settingFor(load);
      const { deployments, flush, quotaMiB, alert } = setting;
      const { records, bytes, canaries } = flushedBy(load, flush);
      return [
        nameOf(load),
        count(load.services),
        count(load.containers),
        `${flush} s`,
        count(records + canaries),
        ((records * bytes) / MiB).toFixed(records * bytes < MiB ? 2 : 0),
        deployments > 1 ? `${deployments} deployments, each of ${quotaMiB}` : `${quotaMiB}`,
        count(quotaMiB * requestsPerMiB),
        `${alert.concurrency} of ${count(alert.memory)} MB`,
        `${alert.batchSize} within ${alert.batchWindow / 1000} s`,
      ];
    }),
  );
  return markdown({
    columns: [
      'a day',
      'services',
      'containers',
      '`Flush`',
      'requests/s',
      'MiB/s sent',
      'stream quota, MiB/s',
      'with it requests/s',
      'alert function',
      'its messages',
    ],
    rows,
  });
}

function simulationLines(days: readonly Simulated[]): string[] {
  const first = days[0];
  if (!first) return [];
  const used = days.map((day) => usedTable(day).rows);
  const lags = days.map((day) => lagTable(day).rows);
  const dollars = days.map(dollarsOf);
  const stages = [...(dollars[0]?.keys() ?? [])];
  const rows = [
    ['deployments', ...days.map(({ setting }) => count(setting.deployments))],
    ["hours, from o'clock UTC", ...days.map(({ hours, from }) => `${hours}, ${from}`)],
    ['services shown to the rules, each for', ...days.map(({ shown, weight }) => `${shown}, ${weight.toFixed(0)}`)],
    ...usedTable(first).rows.map(([stage, of], at) => [`${stage}: ${of}`, ...used.map((rows) => cell(rows[at] ?? []))]),
    ...lagTable(first).rows.map(([name], at) => [
      `seconds ${name}: p50, p99, max`,
      ...lags.map((rows) => (rows[at] ?? []).slice(2).join(', ')),
    ]),
    ['lost', ...days.map((day) => lossesOf(day).join('; ') || 'nothing')],
    ...stages.map((stage) => [`${stage}, dollars a month`, ...dollars.map((of) => money(of.get(stage) ?? 0))]),
  ];
  const table = markdown({ columns: ['', ...simulatedLoads.map((load) => `${nameOf(load)} a day`)], rows });
  return ['', 'Written by `npm run simulate -- --update-docs`.', ...table];
}

/** What was used, of what quota, and what was refused. */
function cell([, , used, quota, part, refused]: readonly string[]): string {
  const of = quota ? ` of ${quota} (${part})` : '';
  return `${used}${of}${refused && refused !== '0' ? `, ${refused} refused` : ''}`;
}

function outageLines(days: readonly Simulated[]): string[] {
  const rows = days.map((day) => {
    const [counted = [], alone = [], row = [], storm = []] = lagTable(day).rows;
    return [
      day.outage?.of === 'slack' ? 'Slack' : 'the alert function',
      count(day.queue.most),
      counted.slice(2).join(', '),
      alone.slice(2).join(', '),
      row.slice(2).join(', '),
      storm.slice(2).join(', '),
      lossesOf(day).join('; ') || 'nothing',
    ];
  });
  const columns = [
    'away for 30 min',
    'messages waiting',
    'seconds until counted: p50, p99, max',
    'until told, alone',
    'one in each five minutes',
    'in a storm',
    'lost',
  ];
  return markdown({ columns, rows });
}

function nameOf({ gbPerDay }: Load): string {
  return gbPerDay < 1000 ? `${gbPerDay} GB` : `${gbPerDay / 1000} TB`;
}

function markdown({ columns, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return ['', line(columns), line(columns.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line), ''];
}

function money(dollars: number): string {
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
