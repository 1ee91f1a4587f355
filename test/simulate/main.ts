import { Command, InvalidArgumentError, Option } from 'commander';
import { borderlessTable } from '../../local/terminal/borderlessTable.js';
import { milliseconds, parseStatedDuration } from '../../shared/text/statedDuration.js';
import { shippedRules } from '../helpers/shippedRules.js';
import { updateScalePage } from './page.js';
import { chart, dollarTable, headline, lagTable, lossesOf, refusedTable, type Table, usedTable } from './report.js';
import { type Changes, settingFor } from './setting.js';
import { type Outage, type Simulated, simulateDay } from './simulate.js';

/**
 * `npm run simulate -- --gb-per-day 10000 --services 5000 --containers 50000`: a day of a deployment on virtual time (docs/scale.md);
 * exits with 1 when something was lost.
 */
interface Options extends Changes {
  readonly gbPerDay: number;
  readonly services: number;
  readonly containers: number;
  readonly from: number;
  readonly hours: number;
  readonly decisions: number;
  readonly outage?: number;
  readonly outageOf: Outage['of'];
  readonly seed: number;
  readonly json?: boolean;
  readonly updateDocs?: boolean;
}

const program = new Command('simulate')
  .description(
    'let a day pass by the deployed decisions, with the quotas of AWS, and print what was used, how late things were and what it costs',
  )
  .option('--gb-per-day <GB>', 'raw lines of a day', number(0.001), 1000)
  .option('--services <count>', 'services that log', whole(1), 100)
  .option('--containers <count>', 'containers, each with a log router', whole(1), 1000)
  .option('--flush <seconds>', 'Flush of Fluent Bit (default: by the formula)', number(1))
  .option('--quota-mi-b <MiB/s>', 'quota of the stream (default: what the load needs, at least 5)', number(1))
  .option(
    '--deployments <count>',
    'deployments that share the load (default: one for each 100 MiB/s and 2,500 services)',
    whole(1),
  )
  .option('--transform-memory <MB>', 'memory of the transform (default: as deployed)', whole(128))
  .option('--alert-memory <MB>', 'memory of the alert function (default: as deployed)', whole(128))
  .option('--alert-batch <messages>', 'messages of one invocation (default: as deployed)', whole(1))
  .option(
    '--alert-window <seconds>',
    'how long Lambda waits for so many, alertWindow (default: by the load)',
    number(0),
  )
  .option('--alert-concurrency <count>', 'its instances (default: as deployed)', whole(2))
  .option('--from <hour>', 'hour of the day at which it begins, UTC', number(0), 0)
  .option('--hours <hours>', 'hours that pass', number(0.1), 24)
  .option('--outage <duration>', 'something is away for so long in the middle of the day: 30m', duration)
  .addOption(new Option('--outage-of <what>', 'what is away').choices(['alert', 'slack']).default('alert'))
  .option(
    '--decisions <count>',
    'keys that are really decided on, about; more take longer and are more exact',
    whole(1000),
    200_000,
  )
  .option('--seed <number>', 'of what is random', whole(1), 1)
  .option('--json', 'print the numbers for a program')
  .option('--update-docs', 'simulate the loads of docs/scale.md, and write what they come to into it')
  .showHelpAfterError();

const options = program.parse().opts<Options>();
const { rules } = await shippedRules();
if (options.updateDocs) await updateScalePage(rules);
else {
  const { gbPerDay, services, containers, from, hours, decisions, outage, outageOf, seed } = options;
  if (containers < services)
    program.error(`error: ${services} services have at least as many containers: --containers ${services}`);
  const load = { gbPerDay, services, containers };
  const simulated = await simulateDay({
    load,
    setting: await settingFor(load, options),
    rules,
    from,
    hours,
    decisions,
    seed,
    outage: outage === undefined ? undefined : { of: outageOf, lasts: outage },
  });
  if (options.json) console.log(JSON.stringify({ ...simulated, dollars: dollarTable(simulated).rows }));
  else print(simulated);
  if (lossesOf(simulated).length > 0) process.exitCode = 1;
}

function print(simulated: Simulated): void {
  const { flush, quotaMiB, alert } = simulated.setting;
  console.log(`\n${headline(simulated)}`);
  console.log(
    `Flush ${flush} s, a stream of ${quotaMiB} MiB/s, alert function: ${alert.concurrency} instances of ${alert.memory} MB, ${alert.batchSize} messages within ${alert.batchWindow / 1000} s`,
  );
  for (const table of [usedTable(simulated), refusedTable(simulated), lagTable(simulated), dollarTable(simulated)])
    console.log(`\n${textOf(table)}`);
  console.log(`\n${chart(simulated).join('\n')}\n`);
  for (const loss of lossesOf(simulated)) console.log(loss);
}

function textOf({ columns, rows }: Table): string {
  const colAligns = columns.map(
    (_, at) => (rows.some((row) => /^\$?\d/.test(row[at] ?? '')) ? 'right' : 'left') as 'right' | 'left',
  );
  const table = borderlessTable('   ', { colAligns });
  table.push([...columns], ...rows.map((row) => [...row]));
  return table.toString();
}

function number(least: number) {
  return (text: string) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least)
      throw new InvalidArgumentError(`A number from ${least} on.`);
    return value;
  };
}

function whole(least: number) {
  return (text: string) => {
    const value = number(least)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError(`A whole number from ${least} on.`);
    return value;
  };
}

function duration(text: string): number {
  if (parseStatedDuration(text) === undefined) throw new InvalidArgumentError('A duration such as 30m or 2h.');
  return milliseconds(text);
}
