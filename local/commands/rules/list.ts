import type { Command } from 'commander';
import pc from 'picocolors';
import type { StateStore } from '../../../shared/alerts/ports.js';
import type { AlertState } from '../../../shared/alerts/state/decide.js';
import { readAlertId } from '../../../shared/alerts/state/ids.js';
import { currentSilences } from '../../../shared/alerts/state/silences.js';
import { loadRules } from '../../../shared/rules/language/loadRules.js';
import { counted } from '../../../shared/text/wording.js';
import { withState } from '../../alerts/openState.js';
import { type KeyState, ruleStatuses, unknownRules } from '../../alerts/ruleStatus.js';
import { statusTable } from '../../alerts/statusTable.js';
import { type DeployedOptions, deployedOptions } from '../../deployed/deployedOptions.js';
import { rulesArgument } from '../options.js';

interface ListOptions extends DeployedOptions {
  readonly json?: boolean;
}

/** `firesplit rules list`: every rule and what is remembered of it. */
export function listCommand(rules: Command): void {
  deployedOptions(
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
    silences: await currentSilences(store, now),
  }));
  const statuses = ruleStatuses(rules, states, silences, now);
  const unknown = unknownRules(rules, states);
  if (options.json) {
    const json = statuses.map(({ lastTold, ...status }) => ({ ...status, lastTold: lastTold && timeOf(lastTold) }));
    console.log(JSON.stringify({ rules: json, unknown }));
    return;
  }
  console.log(statusTable(statuses, now, process.stdout.columns));
  for (const [name, keys] of Object.entries(unknown)) {
    console.log(pc.dim(`${name}: no rule of ${dir} any more; ${counted(keys, 'key')} are forgotten in time`));
  }
}

async function keyStates(store: StateStore): Promise<KeyState[]> {
  const states: KeyState[] = [];
  for await (const { id, value } of store.scan('alert#')) {
    const alert = readAlertId(id);
    if (alert) states.push({ ...alert, state: value as AlertState });
  }
  return states;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
