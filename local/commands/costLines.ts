import pc from 'picocolors';
import {
  type CostedGroup,
  gbPerDay,
  type LineCosts,
  type LineGroup,
  lineCosts,
  lineGroups,
  samplingRule,
} from '../../shared/cost/lineCosts.js';
import { moneyText } from '../../shared/cost/moneyText.js';
import { allRows } from '../query/answer.js';
import { borderlessTable } from '../terminal/borderlessTable.js';
import { printable } from '../terminal/printable.js';
import { untilStopped } from '../terminal/untilStopped.js';
import { inAthena } from './query/inAthena.js';
import { onLaptop } from './query/onLaptop.js';

export interface LinesOptions {
  readonly data: string;
  readonly athena?: boolean;
  readonly stage: string;
  /** The last hours that are counted. */
  readonly hours: number;
  /** How many messages are shown. */
  readonly top: number;
  readonly json?: boolean;
}

/** `firesplit cost --lines`: what the lines of each service and each message cost. */
export async function tellLineCosts(options: LinesOptions): Promise<void> {
  const { hours, top, json } = options;
  await untilStopped(async (signal) => {
    const costs = await lineCosts(hours, top, (sql) => ask(sql, options, signal));
    if (json) console.log(JSON.stringify(costs));
    else if (costs.services.length === 0)
      console.log(`no lines are stored of the last ${hours} hours; look at --data, --athena and --hours`);
    else console.log(lineCostsText(costs));
  });
}

async function ask(sql: string, options: LinesOptions, signal: AbortSignal): Promise<LineGroup[]> {
  const found: LineGroup[] = [];
  const take = async (answer: Parameters<typeof allRows>[0]) => {
    const rows = await allRows(answer);
    found.push(...lineGroups(answer.columns, rows));
    // Nobody is told why there are none: the caller says so.
    return undefined;
  };
  if (options.athena) await inAthena(sql, options, signal, take);
  else await onLaptop(sql, options, signal, take);
  return found;
}

/** What they cost, for a terminal: by service and by message, and the rule that samples the dearest requests. */
export function lineCostsText({ services, messages, dollarsPerDay: dollars, hours }: LineCosts): string {
  const rule = messages.map(samplingRule).find((each) => each !== undefined);
  return [
    table(
      ['service', 'type'],
      services.map((group) => [[group.service, group.type], group]),
      hours,
    ),
    table(
      ['service', 'type', 'message or request'],
      messages.map((group) => [[group.service, group.type, cut(printable(group.template ?? ''))], group]),
      hours,
    ),
    `  ${pc.bold(moneyText(dollars))} a day as in the last ${hours} hours, ${moneyText(dollars * 365)} a year\n`,
    ...(rule === undefined
      ? []
      : [
          pc.dim('  To keep one in ten of the requests that cost most (docs/config.md), in infra/firesplit.yml:\n'),
          `    access:\n      sample:\n        - ${printable(rule)}\n`,
        ]),
    pc.dim('  Another GB of each type, by the model of docs/cost.md; a line is the bytes of its columns.'),
  ].join('\n');
}

/** Lines are those that were counted; what they come to is by the day. */
function table(
  head: readonly string[],
  rows: readonly (readonly [readonly string[], CostedGroup])[],
  hours: number,
): string {
  const columns = [...head, `lines in ${hours} h`, 'GB a day', 'dollars a day'];
  const lines = borderlessTable('   ', { colAligns: columns.map((_, at) => (at < head.length ? 'left' : 'right')) });
  lines.push(columns.map((text) => pc.dim(text)));
  for (const [names, { lines: count, bytes, dollarsPerDay }] of rows) {
    lines.push([
      ...names.map((name) => printable(name) || '(none)'),
      count.toLocaleString('en'),
      gbPerDay(bytes, hours).toLocaleString('en', { maximumSignificantDigits: 2 }),
      moneyText(dollarsPerDay),
    ]);
  }
  return `\n${lines.toString().replace(/^/gm, '  ')}\n`;
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
