import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { Silence } from '../../shared/alerts/ports.js';
import { addSilence, currentSilences, holdsAt, removeSilence } from '../../shared/alerts/state/silences.js';
import { tables } from '../../shared/line/schema/index.js';
import { formatDuration, parseStatedDuration } from '../../shared/text/statedDuration.js';
import { parseStatedTime } from '../../shared/text/statedTime.js';
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
      .option('--for <duration>', 'how long, such as 30m, 2h or 3d', duration)
      .option(
        '--until <time>',
        'when it ends, instead of --for: 2026-12-06T02:00Z, or "2026-12-06 02:00 Europe/Berlin"',
        time,
      )
      .option('--from <time>', 'when it begins, for one that is planned; now when left out', time)
      .requiredOption('--why <text>', 'the reason, for those who wonder')
      .option('--by <name>', 'who decided it', whoAmI())
      .option('--json', 'print the silence'),
  ).action(add);
  deployedOptions(
    silence
      .command('list')
      .description('show the silences that hold now or are planned')
      .option(
        '--json',
        'print [{id, status, matchers, created, from, until, by, why}], with alert and untilResolved of those by a link',
      ),
  ).action(list);
  deployedOptions(
    silence
      .command('remove')
      .description('end a silence now, or call a planned one off')
      .argument('<id>', 'as `silence list` shows it'),
  ).action(remove);
}

interface AddOptions extends DeployedOptions {
  readonly match: Readonly<Record<string, string>>;
  readonly for?: number;
  readonly from?: number;
  readonly until?: number;
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
    ...spanOf(options, created),
    by: options.by,
    why: options.why,
  };
  await withState(options, (store) => addSilence(store, silence));
  if (options.json) return console.log(JSON.stringify(shown(silence, created)));
  const span = `${silence.from === undefined ? '' : `from ${clock(silence.from)} `}until ${clock(silence.until)}`;
  console.log(
    `${pc.green('✓')} silence ${pc.bold(silence.id)}: nobody is told about ${matchersText(silence)} ${span}.`,
  );
  const holds = silence.from === undefined ? 'It holds within half a minute; the' : 'Until then people are told; its';
  console.log(pc.dim(`  ${holds} lines are counted and told with the first message after it.`));
}

/** From when until when; without `from` it holds at once. */
function spanOf(options: AddOptions, now: number): Pick<Silence, 'from' | 'until'> {
  const { for: length, from, until = (from ?? now) + (length ?? 0) } = options;
  if ((options.until === undefined) === (length === undefined)) {
    throw new Error('Say when the silence ends, by one of --for and --until.');
  }
  const begins = Math.max(from ?? now, now);
  if (until <= begins) {
    const reason = until <= now ? 'is over already' : `does not come after ${clock(begins)}, when it begins`;
    throw new Error(`The silence is to end at ${clock(until)}, which ${reason}.`);
  }
  if (until - begins > longest) throw new Error('A silence holds for at most 365d: mute the rule, or take it out.');
  return begins === now ? { until } : { from: begins, until };
}

async function list({ json, ...options }: DeployedOptions & { readonly json?: boolean }): Promise<void> {
  const now = Date.now();
  const silences = await withState(options, (store) => currentSilences(store, now));
  if (json) return console.log(JSON.stringify(silences.map((silence) => shown(silence, now))));
  if (silences.length === 0) return console.log('No silence holds now, and none is planned.');
  const table = borderlessTable('  ', {});
  table.push(
    ['id', 'alerts with', 'holds', 'until', 'left', 'by', 'why'].map((text) => pc.dim(text)),
    ...silences.map((silence) => [
      pc.bold(silence.id),
      matchersText(silence),
      holdsAt(silence, now) ? 'now' : `from ${clock(silence.from ?? now)}`,
      `${clock(silence.until)}${silence.untilResolved ? ', or when it is over' : ''}`,
      formatDuration(rounded(silence.until - Math.max(now, silence.from ?? now))),
      `${silence.by}${silence.alert ? ' (by link)' : ''}`,
      silence.why,
    ]),
  );
  console.log(table.toString());
}

async function remove(id: string, options: DeployedOptions): Promise<void> {
  const removed = await withState(options, (store) => removeSilence(store, id));
  if (!removed)
    throw new Error(`there is no silence ${id}; "firesplit silence list" shows those that hold or are planned`);
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

function time(text: string): number {
  const ms = parseStatedTime(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(
    'A time with its zone, such as 2026-12-06T02:00Z or "2026-12-06 02:00 Europe/Berlin".',
  );
}

function matchersText({ matchers }: Silence): string {
  return Object.entries(matchers)
    .map(([label, value]) => `${label}=${value}`)
    .join(' ');
}

/** As `--json` prints it. */
function shown(silence: Silence, now: number) {
  const { id, matchers, alert, untilResolved, created, from = created, until, by, why } = silence;
  const iso = (time: number) => new Date(time).toISOString();
  const status = holdsAt(silence, now) ? 'active' : 'planned';
  const times = { created: iso(created), from: iso(from), until: iso(until) };
  return {
    id,
    status,
    matchers,
    ...(alert ? { alert, untilResolved: untilResolved ?? false } : {}),
    ...times,
    by,
    why,
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
