import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StateStore } from '../../shared/alerts/ports.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { dynamoStateStore } from './dynamoStateStore.js';

/**
 * The alerts table as functions use it: an item for each key, with the states of all rules.
 *
 * @param recentBytes how much is recalled of what was saved or read last: `dynamoStateStore`.
 * @param now ms since the epoch.
 */
export function alertStates(client: DynamoDBClient, table: string, recentBytes = 0, now = Date.now): StateStore {
  return new KeyStates(dynamoStateStore(client, table, recentBytes), now);
}
