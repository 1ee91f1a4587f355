import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AlertState } from '../../shared/alerts/decide.js';
import type { AlertId, AlertStore } from '../../shared/alerts/ports.js';

/**
 * Alert states in a DynamoDB table: one item for each rule and key, replaced only if its version is still the one that
 * was read. `state` is JSON; `expires` (epoch seconds) is the table's TTL attribute, and only clears away.
 */
export function dynamoAlertStore(client: DynamoDBClient, table: string): AlertStore {
  return {
    async load(id) {
      const command = new GetItemCommand({
        TableName: table,
        Key: { pk: { S: partitionKey(id) } },
        ConsistentRead: true,
      });
      const { Item: item } = await client.send(command);
      if (!item?.state?.S || !item.version?.N) return undefined;
      return { state: JSON.parse(item.state.S) as AlertState, version: Number(item.version.N) };
    },

    async save(id, state, expected, expires) {
      const command = new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: partitionKey(id) },
          version: { N: `${(expected ?? 0) + 1}` },
          state: { S: JSON.stringify(state) },
          expires: { N: `${Math.ceil(expires / 1000)}` },
        },
        ...(expected === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :expected',
              ExpressionAttributeValues: { ':expected': { N: `${expected}` } },
            }),
      });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

/** Rule names hold no `#`, so that no two ids share an item. */
function partitionKey({ rule, key }: AlertId): string {
  return `${rule}#${key}`;
}
