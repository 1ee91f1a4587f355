import type { Command } from 'commander';
import pc from 'picocolors';
import type { StateStore } from '../../../shared/alerts/ports.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import type { AlertState } from '../../../shared/alerts/state/decide.js';
import { activeSilences } from '../../../shared/alerts/state/silences.js';
import { loadRules } from '../../../shared/rules/language/loadRules.js';
import { formatDuration } from '../../../shared/text/statedDuration.js';
import { type StateOptions, stateOptions, withState } from '../../alerts/openState.js';
import { type KeyState, type RuleStatus, ruleStatuses } from '../../alerts/ruleStatus.js';
import { borderlessTable } from '../../terminal/borderlessTable.js';
import { rulesArgument } from '../options.js';

interface ListOptions extends StateOptions {
  readonly json?: boolean;
}

/** `firesplit rules list`: every rule and what is remembered of it. */
export function listCommand(rules: Command): void {
  stateOptions(
    rules
      .command('list')
      .description('show each rule with its keys: which fire, when people were last told, what is held back')
      .addArgument(rulesArgument())
      .option(
        '--json',
        'print {"rules": [{name, type, severity, mode, keys, firing, lastTold, unsent, heldBack, silenced}], "unknown": {name: keys}}',
      ),
  ).action(list);
}

async function list(dir: string, options: ListOptions): Promise<void> {
  const rules = await loadRules(dir);
  const now = Date.now();
  const { states, silences } = await withState(options, async (store) => ({
    states: await keyStates(store),
    silences: await activeSilences(store, now),
  }));
  const statuses = ruleStatuses(rules, states, silences, now);
  const unknown = unknownRules(
    states,
    ruleBook(rules).rules.map(({ name }) => name),
  );
  if (options.json) {
    const json = statuses.map(({ lastTold, ...status }) => ({ ...status, lastTold: lastTold && timeOf(lastTold) }));
    console.log(JSON.stringify({ rules: json, unknown }));
    return;
  }
  console.log(statusTable(statuses, now));
  for (const [name, keys] of Object.entries(unknown)) {
    console.log(pc.dim(`${name}: no rule of ${dir} any more; ${count(keys, 'key')} are forgotten in time`));
  }
}

/** `alert#<rule>#<key>` */
const alertId = /^alert#([^#]+)#/;

async function keyStates(store: StateStore): Promise<KeyState[]> {
  const states: KeyState[] = [];
  for await (const { id, value } of store.scan('alert#')) {
    const [, rule] = alertId.exec(id) ?? [];
    if (rule !== undefined) states.push({ rule, state: value as AlertState });
  }
  return states;
}

/** How many keys are remembered of rules that are no more. */
function unknownRules(states: readonly KeyState[], known: readonly string[]): { readonly [name: string]: number } {
  const counts: { [name: string]: number } = {};
  for (const { rule } of states) {
    if (!known.includes(rule)) counts[rule] = (counts[rule] ?? 0) + 1;
  }
  return counts;
}

function statusTable(statuses: readonly RuleStatus[], now: number): string {
  const table = borderlessTable('  ', {
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'left', 'right', 'right', 'right'],
  });
  const head = ['rule', 'type', 'severity', 'mode', 'keys', 'firing', 'last told', 'unsent', 'held back', 'silenced'];
  table.push(
    head.map((text) => pc.dim(text)),
    ...statuses.map(({ name, type, severity, mode, keys, firing, lastTold, unsent, heldBack, silenced }) => [
      firing > 0 ? pc.red(name) : name,
      type,
      severity,
      mode === 'shadow' ? pc.yellow(mode) : mode,
      count(keys),
      firing > 0 ? pc.red(count(firing)) : pc.dim('–'),
      lastTold === undefined ? pc.dim('never') : `${formatDuration(ago(now - lastTold))} ago`,
      unsent > 0 ? pc.red(count(unsent)) : pc.dim('–'),
      heldBack > 0 ? count(heldBack) : pc.dim('–'),
      silenced > 0 ? pc.yellow(count(silenced)) : pc.dim('–'),
    ]),
  );
  return table.toString();
}

/** As exact as anybody wants to know: to the second, minute or hour. */
function ago(ms: number): number {
  const unit = ms < 120_000 ? 1000 : ms < 7_200_000 ? 60_000 : 3_600_000;
  return Math.floor(Math.max(0, ms) / unit) * unit;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function count(n: number, noun?: string): string {
  const number = n.toLocaleString('en-US');
  return noun === undefined ? number : `${number} ${noun}${n === 1 ? '' : 's'}`;
}
