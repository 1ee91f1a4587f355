import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { Silence } from '../../shared/alerts/ports.js';
import { activeSilences, addSilence, removeSilence } from '../../shared/alerts/state/silences.js';
import { tables } from '../../shared/line/schema/index.js';
import { formatDuration, parseStatedDuration } from '../../shared/text/statedDuration.js';
import { nearestWord } from '../../shared/yaml/nearest.js';
import { withState } from '../alerts/openState.js';
import { type DeployedOptions, deployedOptions } from '../deployed/deployedOptions.js';
import { borderlessTable } from '../terminal/borderlessTable.js';

/** `firesplit silence`: holds alerts back for a while. */
export function silenceCommand(program: Command): void {
  const silence = program.command('silence').description('hold alerts back for a while, and say why');
  deployedOptions(
    silence
      .command('add')
      .description('tell nobody about the alerts that match, until the time is over')
      .requiredOption(
        '--match <label=value>',
        'what they have in common: a column their rule is keyed by, rule, or severity; `*` in a value stands for any text (repeatable: all must match)',
        matcher,
      )
      .requiredOption('--for <duration>', 'how long, such as 30m, 2h or 3d', duration)
      .requiredOption('--why <text>', 'the reason, for those who wonder')
      .option('--by <name>', 'who decided it', whoAmI())
      .option('--json', 'print the silence'),
  ).action(add);
  deployedOptions(
    silence
      .command('list')
      .description('show the silences that hold now')
      .option('--json', 'print [{id, matchers, created, until, by, why}]'),
  ).action(list);
  deployedOptions(
    silence.command('remove').description('end a silence now').argument('<id>', 'as `silence list` shows it'),
  ).action(remove);
}

interface AddOptions extends DeployedOptions {
  readonly match: Readonly<Record<string, string>>;
  readonly for: number;
  readonly why: string;
  readonly by: string;
  readonly json?: boolean;
}

async function add(options: AddOptions): Promise<void> {
  const created = Date.now();
  const silence: Silence = {
    id: randomUUID().slice(0, 8),
    matchers: options.match,
    created,
    until: created + options.for,
    by: options.by,
    why: options.why,
  };
  await withState(options, (store) => addSilence(store, silence));
  if (options.json) return console.log(JSON.stringify(withTimes(silence)));
  console.log(
    `${pc.green('✓')} silence ${pc.bold(silence.id)}: nobody is told about ${matchersText(silence)} until ${clock(silence.until)}.`,
  );
  console.log(
    pc.dim('  It holds within half a minute; the lines are counted and told with the first message after it.'),
  );
}

async function list({ json, ...options }: DeployedOptions & { readonly json?: boolean }): Promise<void> {
  const now = Date.now();
  const silences = await withState(options, (store) => activeSilences(store, now));
  if (json) return console.log(JSON.stringify(silences.map(withTimes)));
  if (silences.length === 0) return console.log('No silence holds now.');
  const table = borderlessTable('  ', {});
  table.push(
    ['id', 'alerts with', 'until', 'left', 'by', 'why'].map((text) => pc.dim(text)),
    ...silences.map((silence) => [
      pc.bold(silence.id),
      matchersText(silence),
      clock(silence.until),
      formatDuration(rounded(silence.until - now)),
      silence.by,
      silence.why,
    ]),
  );
  console.log(table.toString());
}

async function remove(id: string, options: DeployedOptions): Promise<void> {
  const removed = await withState(options, (store) => removeSilence(store, id));
  if (!removed) throw new Error(`there is no silence ${id}; "firesplit silence list" shows those that hold`);
  console.log(`${pc.green('✓')} silence ${id} is over`);
}

/** The account's name, if it has one: a container's user may not. */
function whoAmI(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** Labels of every alert beside those of its key. */
const commonLabels = ['rule', 'severity'];

function matcher(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, label, value] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  if (label === undefined || value === undefined) {
    throw new InvalidArgumentError('A label, an equals sign and a value, such as service=billing or rule=5xx-*.');
  }
  const known = [...commonLabels, ...new Set(Object.values(tables).flatMap((columns) => Object.keys(columns)))];
  if (!known.includes(label) && !label.startsWith('fields.')) {
    const near = nearestWord(label, known);
    const hint = near === undefined ? 'A label is rule, severity, a column or fields.<path>.' : `Did you mean ${near}?`;
    throw new InvalidArgumentError(`No alert has a label ${label}. ${hint}`);
  }
  if (before[label] !== undefined) {
    throw new InvalidArgumentError(`${label} is given twice, and an alert has one: use "*", or add a second silence.`);
  }
  return { ...before, [label]: value };
}

const longest = 365 * 86_400_000;

function duration(text: string): number {
  const ms = parseStatedDuration(text);
  if (ms !== undefined && ms > 0 && ms <= longest) return ms;
  throw new InvalidArgumentError('A duration such as 30m, 2h or 3d, up to 365d.');
}

function matchersText({ matchers }: Silence): string {
  return Object.entries(matchers)
    .map(([label, value]) => `${label}=${value}`)
    .join(' ');
}

function withTimes(silence: Silence) {
  return {
    ...silence,
    created: new Date(silence.created).toISOString(),
    until: new Date(silence.until).toISOString(),
  };
}

/** `2026-11-22 18:03 UTC` */
function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** To the minute, or below one to the second. */
function rounded(ms: number): number {
  const unit = ms < 60_000 ? 1000 : 60_000;
  return Math.ceil(ms / unit) * unit;
}
