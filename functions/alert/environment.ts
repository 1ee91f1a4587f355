import { BatchLedger } from '../../shared/alerts/batchLedger.js';
import type { AlertPorts } from '../../shared/alerts/ports.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { recentSilences } from '../../shared/alerts/state/silences.js';
import { alarmRules } from '../../shared/metrics/alarmRules.js';
import { alertStates, alertsClient } from '../adapters/alertStates.js';
import { deployedConfig } from '../adapters/deployedConfig.js';
import { deployedRules } from '../adapters/deployedRules.js';
import { destinations } from '../adapters/destinations/index.js';
import { required } from '../adapters/environment.js';
import { linkedNotifier } from '../adapters/linkedNotifier.js';
import { linkKeys } from '../adapters/linkKeys.js';
import { routeNotifier } from '../adapters/notifier.js';
import { ssmParameters } from '../adapters/parameters.js';
import { systemClock } from '../adapters/systemClock.js';
import { log } from './report.js';

/** What functions/alert and functions/sweep find in their environment. */
export const { alerts } = deployedConfig();
export const book = ruleBook([...deployedRules(), ...alarmRules(alerts)], alerts);

/** `ALERTS_TABLE`: the states of alerts and endpoints, and the silences. */
const store = alertStates(alertsClient(), required('ALERTS_TABLE'), recentBytes());

const parameters = ssmParameters();

/**
 * `SLACK_WEBHOOK_PREFIX` and `WEBHOOK_PARAMETER_PREFIX`, or their like on a laptop: where the endpoints of routes are.
 * `SILENCE_URL`: the page of the links in messages, empty while there are none.
 */
const notifier = linkedNotifier(
  routeNotifier(destinations(alerts, process.env, parameters, book.rules, store)),
  process.env.SILENCE_URL,
  linkKeys(process.env, parameters, warnOfKeys),
);

/** Of the signal queue, what this process knows. */
const ledger = new BatchLedger(store, systemClock.now);

const silences = recentSilences(store, systemClock.now);

/** Kept back of an invocation's time, to answer in. */
const margin = 1000;

/** @param context of the invocation: what it does ends before Lambda ends it. */
export function portsOf(context: { getRemainingTimeInMillis(): number }): AlertPorts {
  const deadline = systemClock.now() + context.getRemainingTimeInMillis() - margin;
  return { store, notifier, clock: systemClock, silences, ledger, deadline };
}

/** A 16th of the function's memory: as objects, states take some four times their JSON. */
function recentBytes(): number {
  return (Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 512) * 2 ** 20) / 16;
}

function warnOfKeys(reason: string): void {
  log('warn', 'messages go without a link that silences; docs/silences.md says how to set its key', { reason });
}
