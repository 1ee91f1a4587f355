import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoAlertStore } from '../adapters/alertStore.js';
import { slackChannel } from '../adapters/slack.js';
import { webhookSource } from '../adapters/webhookSource.js';

/** `ALERTS_TABLE`: what is remembered of each rule and key. */
export const alertStore = dynamoAlertStore(new DynamoDBClient({}), required('ALERTS_TABLE'));

/** `SLACK_WEBHOOK_PARAMETER` or `SLACK_WEBHOOK_URL`: where people are told. */
export const channel = slackChannel(webhookSource(process.env));

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set in the function's environment; infra/functions.yml sets it`);
}
