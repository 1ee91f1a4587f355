import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoAlertStore } from '../adapters/alertStore.js';
import { deployedRules } from '../adapters/deployedRules.js';
import { slackNotifier } from '../adapters/slack.js';
import { webhookSource } from '../adapters/webhookSource.js';

/** `ALERTS_TABLE`: what is remembered of each rule and key. */
export const alertStore = dynamoAlertStore(new DynamoDBClient({}), required('ALERTS_TABLE'));

export const rules = deployedRules();

/** `SLACK_WEBHOOK_PREFIX`, or its like on a laptop: where people are told. */
export const notifier = slackNotifier(webhookSource(process.env), rules);

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set in the function's environment; infra/functions.yml sets it`);
}
