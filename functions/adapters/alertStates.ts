import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { StateStore } from '../../shared/alerts/ports.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { dynamoStateStore } from './dynamoStateStore.js';

/**
 * DynamoDB answers within milliseconds. A request that it does not answer in this time, the wait for a connection included, is tried again: the SDK
 * waits for ever unless told otherwise, and then everybody whom the invocation has claimed an alert for waits until Lambda has ended it.
 */
const answerTime = 5000;

/**
 * What the alert function and the sweep ask DynamoDB with. The SDK puts a request's middleware together once for each kind of command: a
 * sixth of the CPU of a sweep (`npm run bench -- --sweep`). Requests of a kind then share a context, in which each writes the same as the others
 * or, of credentials, what is newer.
 */
export function alertsClient(settings: DynamoDBClientConfig = {}, requestTimeout = answerTime): DynamoDBClient {
  const requestHandler = { requestTimeout, throwOnRequestTimeout: true };
  return new DynamoDBClient({ ...settings, cacheMiddleware: true, requestHandler });
}

/**
 * The alerts table as functions use it: an item for each key, with the states of all rules.
 *
 * @param recentBytes how much is recalled of what was saved or read last: `dynamoStateStore`.
 * @param now ms since the epoch.
 */
export function alertStates(client: DynamoDBClient, table: string, recentBytes = 0, now = Date.now): StateStore {
  return new KeyStates(dynamoStateStore(client, table, recentBytes), now);
}
