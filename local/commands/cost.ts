import type { Command } from 'commander';
import pc from 'picocolors';
import { type Bill, billOf } from '../meter/bill.js';
import { readUsage } from '../meter/meter.js';
import {
  aggregationRows,
  aggregationVerdict,
  billRows,
  money,
  monthly,
  type Rows,
  streamRows,
} from '../meter/table.js';
import type { Usage } from '../meter/usage.js';
import { borderlessTable } from '../terminal/borderlessTable.js';
import { dataOption } from './options.js';

/** `firesplit cost`: what AWS would bill for what went through the local stack. */
export function costCommand(program: Command): void {
  program
    .command('cost')
    .description('tell what AWS would bill for what went through `firesplit up`, and what aggregation saves')
    .addOption(dataOption())
    .option(
      '--json',
      'print {"items": [{stage, service, what, quantity, unit, unitDollars, per, dollars}], "dollars", "monthlyDollars", …}',
    )
    .action(cost);
}

async function cost({ data, json }: { data: string; json?: boolean }): Promise<void> {
  const usage = await readUsage(data);
  if (usage === undefined) {
    throw new Error(
      `Nothing was counted in ${data}: run "firesplit up" there and send it lines, or name its folder with --data.`,
    );
  }
  const bill = billOf(usage);
  if (json) console.log(JSON.stringify({ ...bill, usage }));
  else print(bill, usage);
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
