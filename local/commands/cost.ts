import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { compaction } from '../../shared/bounds.js';
import { estimate } from '../../shared/cost/estimate.js';
import { type CostInput, defaultInput } from '../../shared/cost/input.js';
import { totalOf } from '../../shared/cost/lineItem.js';
import { month } from '../../shared/cost/traffic.js';
import { type Bill, billOf } from '../meter/bill.js';
import { readUsage } from '../meter/meter.js';
import {
  aggregationRows,
  aggregationVerdict,
  billRows,
  estimateRows,
  money,
  monthly,
  type Rows,
  streamRows,
} from '../meter/table.js';
import type { Usage } from '../meter/usage.js';
import { borderlessTable } from '../terminal/borderlessTable.js';
import { type LinesOptions, tellLineCosts } from './costLines.js';
import { dataOption } from './options.js';

interface CostOptions extends Partial<Omit<CostInput, 'share'>>, LinesOptions {
  readonly lines?: boolean;
  readonly share?: CostInput['share'];
}

/** `firesplit cost`: what AWS would bill for what went through the local stack, or for a deployment that is described. */
export function costCommand(program: Command): void {
  const command = program
    .command('cost')
    .description(
      'tell what AWS would bill: for what went through `firesplit up`; or, with --gb-per-day, a month for a deployment of that size (docs/cost.md)',
    )
    .addOption(dataOption())
    .option(
      '--json',
      'print {"items": [{stage, service, what, quantity, unit, unitDollars, per, dollars}], "dollars", "monthlyDollars", …}',
    );
  for (const option of [...lineOptions, ...sizeOptions]) command.addOption(option);
  command.action(cost);
}

/** Of the lines that are stored. */
const lineOptions = [
  new Option(
    '--lines',
    'tell what the stored lines of each service and message cost a day, and the rule that samples the dearest requests',
  ),
  new Option('--hours <n>', 'with --lines: the last hours that are counted').argParser(whole(1, 24 * 31)).default(24),
  new Option('--top <n>', 'with --lines: how many messages are shown').argParser(whole(1, 1000)).default(20),
  new Option('--athena', 'with --lines: ask Athena about a deployed stage, with your AWS credentials'),
  new Option('--stage <name>', 'with --athena: the deployed stage').default('prod'),
];

const { min, max } = compaction.landedDays;

/** Of the estimate; their defaults are `defaultInput`. */
const sizeOptions = [
  new Option('--gb-per-day <gb>', 'estimate for so many GB of log lines a day, as applications write them').argParser(
    amount(0.001, 1e7, 'GB a day, from 0.001 to 10000000, such as 0.5'),
  ),
  sized('--containers <n>', 'containers', 'log routers: one a task with FireLens, or one a host', whole(1, 1e7)),
  sized('--services <n>', 'services', 'services that log', whole(1, 1e6)),
  sized('--line-bytes <n>', 'lineBytes', 'bytes of an average line', whole(10, 1e6)),
  new Option(
    '--share <access,error,app>',
    `per cent of the bytes of each type (default: ${Object.values(defaultInput.share)
      .map((part) => Math.round(part * 100))
      .join(',')})`,
  ).argParser(share),
  sized('--retention-days <n>', 'retentionDays', 'days that Parquet is kept', whole(1, 36_500)),
  sized('--landed-days <n>', 'landedDays', 'days that lines are kept as they landed', whole(min, max)),
  sized('--queries-per-day <n>', 'queriesPerDay', 'queries that Athena is asked', whole(0, 1e6)),
  new Option(
    '--flush-seconds <n>',
    `Flush of the routers in seconds (default: ${defaultInput.flushSeconds})`,
  ).argParser(whole(1, 3600)),
  new Option('--no-canary', 'routers write no canary'),
  new Option('--no-compaction', 'lines stay as they landed'),
  sized('--service-metrics <n>', 'serviceMetrics', 'services with metrics of their own', whole(0, 1e6)),
  new Option(
    '--forward <part>',
    'part of the error and app rows that is forwarded, from 0 to 1 (default: 0)',
  ).argParser(amount(0, 1, 'a part from 0 to 1, such as 0.1')),
];

function sized(flags: string, name: keyof CostInput, what: string, parse: (text: string) => number): Option {
  return new Option(flags, `${what} (default: ${defaultInput[name]})`).argParser(parse);
}

async function cost({ lines, athena, stage, hours, top, ...options }: CostOptions): Promise<void> {
  const { data, json, ...asked } = options;
  const ofEstimate = estimateFlag(asked);
  if (lines && ofEstimate)
    throw new Error(`${ofEstimate} is about an estimate, --lines about what is stored: leave one out.`);
  if (lines) return tellLineCosts({ data, stage, hours, top, ...(json && { json }), ...(athena && { athena }) });
  if (athena) throw new Error('--athena is about what is stored: add --lines.');
  if (asked.gbPerDay !== undefined) return tellEstimate({ ...defaultInput, ...asked }, json);
  if (ofEstimate) {
    throw new Error(`${ofEstimate} is about an estimate, which needs --gb-per-day: add the GB of log lines a day.`);
  }
  const usage = await readUsage(data);
  if (usage === undefined) {
    throw new Error(
      `Nothing was counted in ${data}: run "firesplit up" there and send it lines, or name its folder with --data. For an estimate say --gb-per-day.`,
    );
  }
  const bill = billOf(usage);
  if (json) console.log(JSON.stringify({ ...bill, usage }));
  else print(bill, usage);
}

/** The first option that describes a deployment otherwise than the defaults do. */
function estimateFlag({ gbPerDay, ...sizes }: Partial<CostInput>): string | undefined {
  if (gbPerDay !== undefined) return '--gb-per-day';
  const [name, value] =
    Object.entries(sizes).find(([name, value]) => value !== defaultInput[name as keyof CostInput]) ?? [];
  if (name === undefined) return undefined;
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return value === false ? `--no-${flag}` : `--${flag}`;
}

function tellEstimate(input: CostInput, json: boolean | undefined): void {
  const { retentionDays, landedDays } = input;
  if (input.compaction && retentionDays < landedDays) {
    throw new Error(
      `Lines are to be kept for ${retentionDays} days, and for ${landedDays} as they landed, which no deployment takes: say more --retention-days, or fewer --landed-days (at least ${min}).`,
    );
  }
  const items = estimate(input);
  const dollars = totalOf(items);
  if (json) {
    console.log(JSON.stringify({ items, dollars, monthlyDollars: dollars, input }));
    return;
  }
  table([...estimateRows(items), ['', '', '', '', pc.bold('sum'), pc.bold(money(dollars))]]);
  const perTb = (dollars * 1024) / (input.gbPerDay * month.days);
  console.log(`  ${pc.bold(money(dollars))} a month, ${money(perTb)} for a TB of lines\n`);
  console.log(
    pc.dim('  List prices of us-east-1 without free tiers. docs/cost.md says what is counted, and what is not.'),
  );
}

function print(bill: Bill, usage: Usage): void {
  table(streamRows(usage));
  table([...billRows(bill), ['', '', pc.bold('sum'), pc.bold(money(bill.dollars))]]);
  console.log(`  a month at this rate: ${pc.bold(monthly(bill))}\n`);
  if (bill.aggregation) {
    table(aggregationRows(bill.aggregation));
    console.log(`  ${aggregationVerdict(bill.aggregation)}\n`);
  }
  console.log(pc.dim('  List prices of us-east-1 without free tiers; Athena, logs and transfer are not counted.'));
}

/** The first column stands left, columns of figures right. */
function table([head = [], ...rows]: Rows): void {
  const colAligns = head.map((_, index) =>
    rows.every((row) => !/^[$\d]/.test(row[index] ?? '')) ? ('left' as const) : ('right' as const),
  );
  const lines = borderlessTable('   ', { colAligns });
  lines.push(
    head.map((text) => pc.dim(text)),
    ...rows.map((row) => [...row]),
  );
  console.log(`\n${lines.toString().replace(/^/gm, '  ')}\n`);
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most.toLocaleString('en-US')}.`);
  };
}

function amount(least: number, most: number, what: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`${what[0]?.toUpperCase()}${what.slice(1)}.`);
  };
}

function share(text: string): CostInput['share'] {
  const parts = text.split(',').map(Number);
  const [access = 0, error = 0, app = 0] = parts;
  const sum = access + error + app;
  if (parts.length === 3 && parts.every((part) => part >= 0) && Math.abs(sum - 100) < 0.01) {
    return { access: access / 100, error: error / 100, app: app / 100 };
  }
  throw new InvalidArgumentError('Three numbers that are 100 together, such as 77,3,20.');
}
