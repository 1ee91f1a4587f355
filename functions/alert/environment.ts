import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AlertPorts } from '../../shared/alerts/ports.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { recentSilences } from '../../shared/alerts/state/silences.js';
import { deployedConfig } from '../adapters/deployedConfig.js';
import { deployedRules } from '../adapters/deployedRules.js';
import { dynamoStateStore } from '../adapters/dynamoStateStore.js';
import { required } from '../adapters/environment.js';
import { slackNotifier } from '../adapters/slack.js';
import { systemClock } from '../adapters/systemClock.js';
import { webhookSource } from '../adapters/webhookSource.js';

/** What functions/alert and functions/sweep find in their environment. */
export const book = ruleBook(deployedRules(), deployedConfig().alerts);

/** `ALERTS_TABLE`: what is remembered of each rule and key, of each webhook, and the silences. */
const store = dynamoStateStore(new DynamoDBClient({}), required('ALERTS_TABLE'));

/** `SLACK_WEBHOOK_PREFIX`, or its like on a laptop: where people are told. */
const notifier = slackNotifier(webhookSource(process.env), book.rules);

const silences = recentSilences(store, systemClock.now);

/** Kept back of an invocation's time, to answer in. */
const margin = 1000;

/** @param context of the invocation: what it does ends before Lambda ends it. */
export function portsOf(context: { getRemainingTimeInMillis(): number }): AlertPorts {
  const deadline = systemClock.now() + context.getRemainingTimeInMillis() - margin;
  return { store, notifier, clock: systemClock, silences, deadline };
}
