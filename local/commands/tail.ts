import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { type LogType, logTypes } from '../../shared/line/schema/index.js';
import { levels } from '../../shared/parse/values/level.js';
import { counted } from '../../shared/text/wording.js';
import { nearestWord } from '../../shared/yaml/nearest.js';
import { isUnanswered } from '../ship/refusals.js';
import { findReady } from '../stack/readyFile.js';
import { compileFilter, type TailFilter } from '../tail/filter.js';
import { renderRow } from '../tail/render.js';
import { tailedRows } from '../tail/rows.js';
import { dataOption } from './options.js';

interface TailOptions extends Omit<TailFilter, 'types'> {
  readonly type?: readonly LogType[];
  readonly data: string;
  readonly json?: boolean;
}

/** `firesplit tail`: lines as they are stored. */
export function tailCommand(program: Command): void {
  program
    .command('tail')
    .description('show lines live, as they are stored: parsed, joined, redacted')
    .option('--service <name>', 'only of this service, or of those that a glob such as pay-* names')
    .option('--type <types>', `only of these types: ${logTypes.join(', ')}, with commas between`, types)
    .addOption(
      new Option('--level <level>', 'of this level or higher; an access line has that of its status').choices(levels),
    )
    .option('--grep <regex>', 'only rows in which any value matches; (?i) in front ignores case', expression)
    .addOption(dataOption())
    .option('--json', 'print each row as {"type", "row": {column: value}} in a line of its own')
    .action(tail);
}

async function tail({ type: types, data, json, ...filter }: TailOptions): Promise<void> {
  const ready = await findReady(data);
  const absent = `Nothing runs on ${data}: start "firesplit up", or name its folder with --data.`;
  if (!ready) throw new Error(absent);
  const isShown = compileFilter({ ...filter, types });
  const ended = new AbortController();
  process.once('SIGINT', () => ended.abort()).once('SIGTERM', () => ended.abort());
  if (process.stderr.isTTY) console.error(pc.dim(`Waiting for lines of ${ready.stream}; Ctrl-C ends.`));
  try {
    for await (const tailed of tailedRows(ready.console, ended.signal)) {
      if ('missed' in tailed)
        console.error(pc.yellow(`${counted(tailed.missed, 'object')} left out: too fast to show`));
      else if (isShown(tailed)) {
        console.log(json ? JSON.stringify(tailed) : renderRow(tailed, { color: pc.isColorSupported }));
      }
    }
  } catch (error) {
    if (ended.signal.aborted) return;
    throw error instanceof Error && isUnanswered(error) ? new Error(absent, { cause: error }) : error;
  }
  if (!ended.signal.aborted) console.error(pc.dim('firesplit up has stopped.'));
}

function types(value: string): readonly LogType[] {
  return value.split(',').map((name) => {
    const known = logTypes.find((type) => type === name.trim());
    if (known) return known;
    const near = nearestWord(name, logTypes);
    throw new InvalidArgumentError(near ? `Did you mean ${near}?` : `The types are ${logTypes.join(', ')}.`);
  });
}

function expression(value: string): RegExp {
  const [, ignoreCase, pattern = ''] = /^(\(\?i\))?(.*)$/s.exec(value) ?? [];
  try {
    return new RegExp(pattern, ignoreCase ? 'iu' : 'u');
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
