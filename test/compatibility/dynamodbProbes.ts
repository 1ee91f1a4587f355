import * as sdk from '@aws-sdk/client-dynamodb';
import { expect } from '@jest/globals';
import type { Probe } from './probe.js';

type DynamoDB = sdk.DynamoDBClient;

const TableName = 'orders';

const AttributeDefinitions: sdk.AttributeDefinition[] = [
  { AttributeName: 'shop', AttributeType: 'S' },
  { AttributeName: 'number', AttributeType: 'N' },
  { AttributeName: 'state', AttributeType: 'S' },
];
const KeySchema: sdk.KeySchemaElement[] = [
  { AttributeName: 'shop', KeyType: 'HASH' },
  { AttributeName: 'number', KeyType: 'RANGE' },
];
const byState: sdk.GlobalSecondaryIndex = {
  IndexName: 'byState',
  KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};
const byShopAndState: sdk.LocalSecondaryIndex = {
  IndexName: 'byShopAndState',
  KeySchema: [
    { AttributeName: 'shop', KeyType: 'HASH' },
    { AttributeName: 'state', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' },
};

async function create(dynamodb: DynamoDB, name: string, more: Partial<sdk.CreateTableCommandInput> = {}) {
  const input = { TableName: name, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes: [byState] };
  const others = { LocalSecondaryIndexes: [byShopAndState], BillingMode: sdk.BillingMode.PAY_PER_REQUEST };
  await dynamodb.send(new sdk.CreateTableCommand({ ...input, ...others, ...more }));
  await sdk.waitUntilTableExists(patience(dynamodb), { TableName: name });
}

/** Seconds. */
const patience = (client: DynamoDB) => ({ client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 });

const keyOf = (shop: string, number: number) => ({ shop: { S: shop }, number: { N: String(number) } });

const put = (dynamodb: DynamoDB, shop: string, number: number, more: Partial<sdk.PutItemCommandInput> = {}) =>
  dynamodb.send(new sdk.PutItemCommand({ TableName, Item: { ...keyOf(shop, number), state: { S: 'open' } }, ...more }));
const get = async (dynamodb: DynamoDB, shop: string, number: number) =>
  (await dynamodb.send(new sdk.GetItemCommand({ TableName, Key: keyOf(shop, number), ConsistentRead: true }))).Item;
const update = (dynamodb: DynamoDB, number: number, more: Partial<sdk.UpdateItemCommandInput>) =>
  dynamodb.send(new sdk.UpdateItemCommand({ TableName, Key: keyOf('updates', number), ...more }));
const updateTable = (dynamodb: DynamoDB, input: Omit<sdk.UpdateTableCommandInput, 'TableName'>) =>
  dynamodb.send(new sdk.UpdateTableCommand({ TableName, ...input }));
const describeTable = async (dynamodb: DynamoDB, name: string) =>
  (await dynamodb.send(new sdk.DescribeTableCommand({ TableName: name }))).Table;

const conditionFailed = { name: 'ConditionalCheckFailedException' };

/** The table that probes read. */
export async function prepare(dynamodb: DynamoDB): Promise<void> {
  await create(dynamodb, TableName);
  for (const number of [1, 2, 3, 4]) await put(dynamodb, 'tea', number);
}

const tables: readonly Probe<DynamoDB>[] = [
  {
    operation: 'CreateTable',
    what: 'keys, global and local indexes, both billing modes',
    async run(dynamodb) {
      const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
      await create(dynamodb, 'provisioned', {
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput,
        GlobalSecondaryIndexes: [{ ...byState, ProvisionedThroughput }],
      });
      await expect(create(dynamodb, 'provisioned')).rejects.toMatchObject({ name: 'ResourceInUseException' });
    },
  },
  {
    operation: 'CreateTable',
    what: 'tags, streams, encryption keys, table classes, deletion protection',
    run: (dynamodb) =>
      Promise.any([
        create(dynamodb, 'other', { Tags: [{ Key: 'a', Value: 'b' }] }),
        create(dynamodb, 'other', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }),
        create(dynamodb, 'other', { SSESpecification: { Enabled: true } }),
        create(dynamodb, 'other', { TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
        create(dynamodb, 'other', { DeletionProtectionEnabled: true }),
      ]),
  },
  {
    operation: 'CreateTable',
    what: 'bounds and warm throughput of what is paid on demand, of the table or of an index',
    run: (dynamodb) => {
      const OnDemandThroughput = { MaxReadRequestUnits: 1 };
      const WarmThroughput = { ReadUnitsPerSecond: 1 };
      return Promise.any([
        create(dynamodb, 'other', { OnDemandThroughput }),
        create(dynamodb, 'other', { WarmThroughput }),
        create(dynamodb, 'other', { GlobalSecondaryIndexes: [{ ...byState, OnDemandThroughput }] }),
        create(dynamodb, 'other', { GlobalSecondaryIndexes: [{ ...byState, WarmThroughput }] }),
      ]);
    },
  },
  {
    operation: 'DescribeTable',
    what: 'keys, indexes, status, items and bytes',
    async run(dynamodb) {
      const table = await describeTable(dynamodb, TableName);
      expect(table).toMatchObject({ TableStatus: 'ACTIVE', KeySchema, ItemCount: expect.any(Number) });
      expect(table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byState', IndexStatus: 'ACTIVE' }]);
    },
  },
  {
    operation: 'ListTables',
    what: 'in pages: Limit, ExclusiveStartTableName',
    async run(dynamodb) {
      const page = await dynamodb.send(new sdk.ListTablesCommand({ Limit: 1 }));
      expect(page).toMatchObject({ TableNames: [TableName], LastEvaluatedTableName: TableName });
      const rest = await dynamodb.send(new sdk.ListTablesCommand({ ExclusiveStartTableName: TableName }));
      expect(rest.TableNames).not.toContain(TableName);
    },
  },
  {
    operation: 'UpdateTable',
    what: 'billing mode and throughput',
    async run(dynamodb) {
      await create(dynamodb, 'updated', { GlobalSecondaryIndexes: undefined });
      const ProvisionedThroughput = { ReadCapacityUnits: 2, WriteCapacityUnits: 3 };
      const input = { TableName: 'updated', BillingMode: 'PROVISIONED', ProvisionedThroughput } as const;
      await dynamodb.send(new sdk.UpdateTableCommand(input));
      const table = await describeTable(dynamodb, 'updated');
      expect(table?.BillingModeSummary?.BillingMode).toBe('PROVISIONED');
    },
  },
  {
    operation: 'UpdateTable',
    what: 'new and deleted indexes',
    run: (dynamodb) =>
      Promise.any([
        updateTable(dynamodb, {
          AttributeDefinitions,
          GlobalSecondaryIndexUpdates: [{ Create: { ...byState, IndexName: 'another' } }],
        }),
        updateTable(dynamodb, { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byState' } }] }),
      ]),
  },
  {
    operation: 'UpdateTable',
    what: 'streams, replicas, encryption keys, table classes, deletion protection',
    run: (dynamodb) =>
      Promise.any([
        updateTable(dynamodb, { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }),
        updateTable(dynamodb, { ReplicaUpdates: [{ Create: { RegionName: 'eu-central-1' } }] }),
        updateTable(dynamodb, { SSESpecification: { Enabled: true } }),
        updateTable(dynamodb, { TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
        updateTable(dynamodb, { DeletionProtectionEnabled: true }),
      ]),
  },
  {
    operation: 'DeleteTable',
    what: 'with its items',
    async run(dynamodb) {
      await create(dynamodb, 'deleted');
      await dynamodb.send(new sdk.DeleteTableCommand({ TableName: 'deleted' }));
      await sdk.waitUntilTableNotExists(patience(dynamodb), { TableName: 'deleted' });
    },
  },
  {
    operation: 'TagResource',
    what: 'of a table',
    async run(dynamodb) {
      const ResourceArn = String((await describeTable(dynamodb, TableName))?.TableArn);
      const Tags = [{ Key: 'a', Value: 'b' }];
      await dynamodb.send(new sdk.TagResourceCommand({ ResourceArn, Tags }));
      expect((await dynamodb.send(new sdk.ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual(Tags);
    },
  },
  {
    operation: 'ListTagsOfResource',
    what: 'of a table',
    async run(dynamodb) {
      const ResourceArn = String((await describeTable(dynamodb, TableName))?.TableArn);
      expect((await dynamodb.send(new sdk.ListTagsOfResourceCommand({ ResourceArn }))).Tags).toHaveLength(1);
    },
  },
  {
    operation: 'UntagResource',
    what: 'of a table',
    async run(dynamodb) {
      const ResourceArn = String((await describeTable(dynamodb, TableName))?.TableArn);
      await dynamodb.send(new sdk.UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
      expect((await dynamodb.send(new sdk.ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual([]);
    },
  },
  {
    operation: 'DescribeTimeToLive',
    what: 'of any table',
    differs: "It is DISABLED, and can't be enabled.",
    async run(dynamodb) {
      const { TimeToLiveDescription } = await dynamodb.send(new sdk.DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
    },
  },
];

const items: readonly Probe<DynamoDB>[] = [
  {
    operation: 'PutItem',
    what: 'conditions, ReturnValues, ReturnConsumedCapacity',
    async run(dynamodb) {
      const ConditionExpression = 'attribute_not_exists(shop)';
      const { ConsumedCapacity } = await put(dynamodb, 'puts', 1, {
        ConditionExpression,
        ReturnConsumedCapacity: 'TOTAL',
      });
      expect(ConsumedCapacity).toMatchObject({ TableName });
      await expect(put(dynamodb, 'puts', 1, { ConditionExpression })).rejects.toMatchObject(conditionFailed);
      const { Attributes } = await put(dynamodb, 'puts', 1, { ReturnValues: 'ALL_OLD' });
      expect(Attributes).toEqual({ ...keyOf('puts', 1), state: { S: 'open' } });
    },
  },
  {
    operation: 'PutItem',
    what: 'the old conditions (Expected)',
    async run(dynamodb) {
      const Expected = { shop: { Exists: false } };
      await put(dynamodb, 'puts', 2, { Expected });
      await expect(put(dynamodb, 'puts', 2, { Expected })).rejects.toMatchObject(conditionFailed);
    },
  },
  {
    operation: 'PutItem',
    what: 'ReturnValuesOnConditionCheckFailure',
    run: (dynamodb) => put(dynamodb, 'puts', 3, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  },
  {
    operation: 'GetItem',
    what: 'ConsistentRead, ProjectionExpression, ReturnConsumedCapacity',
    async run(dynamodb) {
      const input = { TableName, Key: keyOf('tea', 1), ConsistentRead: true, ProjectionExpression: '#state' };
      const names = { ExpressionAttributeNames: { '#state': 'state' }, ReturnConsumedCapacity: 'TOTAL' } as const;
      const { Item, ConsumedCapacity } = await dynamodb.send(new sdk.GetItemCommand({ ...input, ...names }));
      expect([Item, ConsumedCapacity]).toMatchObject([{ state: { S: 'open' } }, { CapacityUnits: 1 }]);
    },
  },
  {
    operation: 'UpdateItem',
    what: 'SET, REMOVE, ADD and DELETE, conditions, ReturnValues',
    async run(dynamodb) {
      const first = { ':one': { N: '1' }, ':tags': { SS: ['a', 'b'] } };
      await update(dynamodb, 1, {
        UpdateExpression: 'SET amount = :one, gone = :one ADD times :one, tags :tags',
        ConditionExpression: 'attribute_not_exists(shop)',
        ExpressionAttributeValues: first,
      });
      const { Attributes } = await update(dynamodb, 1, {
        UpdateExpression: 'SET amount = amount + :one REMOVE gone ADD times :one DELETE tags :a',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':a': { SS: ['a'] } },
        ReturnValues: 'ALL_NEW',
      });
      expect(Attributes).toEqual({
        ...keyOf('updates', 1),
        amount: { N: '2' },
        times: { N: '2' },
        tags: { SS: ['b'] },
      });
    },
  },
  {
    operation: 'UpdateItem',
    what: 'the old updates and conditions (AttributeUpdates, Expected)',
    async run(dynamodb) {
      await update(dynamodb, 2, { AttributeUpdates: { times: { Action: 'ADD', Value: { N: '2' } } } });
      expect(await get(dynamodb, 'updates', 2)).toMatchObject({ times: { N: '2' } });
    },
  },
  {
    operation: 'UpdateItem',
    what: 'ReturnValuesOnConditionCheckFailure',
    run: (dynamodb) => update(dynamodb, 3, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  },
  {
    operation: 'DeleteItem',
    what: 'conditions, ReturnValues',
    async run(dynamodb) {
      const input = { TableName, Key: keyOf('puts', 2), ConditionExpression: 'attribute_exists(shop)' };
      const gone = await dynamodb.send(new sdk.DeleteItemCommand({ ...input, ReturnValues: 'ALL_OLD' }));
      expect(gone.Attributes).toMatchObject(input.Key);
      await expect(dynamodb.send(new sdk.DeleteItemCommand(input))).rejects.toMatchObject(conditionFailed);
    },
  },
  {
    operation: 'DeleteItem',
    what: 'ReturnValuesOnConditionCheckFailure',
    run: (dynamodb) =>
      dynamodb.send(
        new sdk.DeleteItemCommand({
          TableName,
          Key: keyOf('puts', 9),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
  },
  {
    operation: 'BatchGetItem',
    what: 'up to 100 items, of several tables',
    async run(dynamodb) {
      const Keys = Array.from({ length: 100 }, (_, number) => keyOf('tea', number));
      const ask = (more: readonly (typeof Keys)[number][]) =>
        dynamodb.send(new sdk.BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [...Keys, ...more] } } }));
      expect((await ask([])).Responses?.[TableName]).toHaveLength(4);
      await expect(ask([keyOf('tea', 100)])).rejects.toMatchObject({ name: 'ValidationException' });
    },
  },
  {
    operation: 'BatchWriteItem',
    what: 'up to 25 puts and deletions, of several tables',
    async run(dynamodb) {
      const write = (count: number) => {
        const puts = Array.from({ length: count }, (_, number) => ({ PutRequest: { Item: keyOf('batch', number) } }));
        return dynamodb.send(new sdk.BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
      };
      expect((await write(25)).UnprocessedItems).toEqual({});
      await expect(write(26)).rejects.toMatchObject({ name: 'ValidationException' });
      const deletion = { DeleteRequest: { Key: keyOf('batch', 0) } };
      await dynamodb.send(new sdk.BatchWriteItemCommand({ RequestItems: { [TableName]: [deletion] } }));
      expect(await get(dynamodb, 'batch', 0)).toBeUndefined();
      expect(await get(dynamodb, 'batch', 24)).toEqual(keyOf('batch', 24));
    },
  },
  {
    operation: 'Query',
    what: 'key conditions, filters, projections, both orders, pages, counts',
    async run(dynamodb) {
      const ExpressionAttributeValues = { ':shop': { S: 'tea' }, ':least': { N: '2' } };
      const names = { '#number': 'number' };
      const input: sdk.QueryCommandInput = {
        TableName,
        KeyConditionExpression: 'shop = :shop and #number >= :least',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues,
        ProjectionExpression: '#number',
        ScanIndexForward: false,
        Limit: 2,
      };
      const { Items, LastEvaluatedKey } = await dynamodb.send(new sdk.QueryCommand(input));
      expect(Items).toEqual([{ number: { N: '4' } }, { number: { N: '3' } }]);
      const rest = await dynamodb.send(new sdk.QueryCommand({ ...input, ExclusiveStartKey: LastEvaluatedKey }));
      expect(rest.Items).toEqual([{ number: { N: '2' } }]);
      const { ProjectionExpression: _, ...whole } = input;
      const { Count } = await dynamodb.send(new sdk.QueryCommand({ ...whole, Limit: 10, Select: 'COUNT' }));
      expect(Count).toBe(3);
    },
  },
  {
    operation: 'Query',
    what: 'global and local indexes',
    async run(dynamodb) {
      for (const [IndexName, condition] of [
        ['byState', '#state = :open'],
        ['byShopAndState', 'shop = :shop and #state = :open'],
      ] as const) {
        const { Items } = await dynamodb.send(
          new sdk.QueryCommand({
            TableName,
            IndexName,
            KeyConditionExpression: condition,
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':open': { S: 'open' },
              ...(condition.includes(':shop') ? { ':shop': { S: 'tea' } } : {}),
            },
          }),
        );
        expect(Items).toContainEqual(expect.objectContaining(keyOf('tea', 1)));
      }
    },
  },
  {
    operation: 'Scan',
    what: 'filters, projections, indexes, pages, counts, segments',
    async run(dynamodb) {
      const counts = [0, 1].map(async (Segment) => {
        const input = { TableName, Segment, TotalSegments: 2, Select: 'COUNT' } as const;
        const FilterExpression = 'shop = :shop';
        const ExpressionAttributeValues = { ':shop': { S: 'tea' } };
        const filtered = new sdk.ScanCommand({ ...input, FilterExpression, ExpressionAttributeValues });
        return Number((await dynamodb.send(filtered)).Count);
      });
      const [first = 0, second = 0] = await Promise.all(counts);
      expect(first + second).toBe(4);
      const page = await dynamodb.send(new sdk.ScanCommand({ TableName, IndexName: 'byState', Limit: 1 }));
      expect(page.LastEvaluatedKey).toBeDefined();
    },
  },
  {
    operation: 'Scan',
    what: 'ConsistentRead, but for global indexes',
    async run(dynamodb) {
      const input = { TableName, ConsistentRead: true, Limit: 1 };
      expect((await dynamodb.send(new sdk.ScanCommand(input))).Items).toHaveLength(1);
      const ofIndex = dynamodb.send(new sdk.ScanCommand({ ...input, IndexName: 'byState' }));
      await expect(ofIndex).rejects.toMatchObject({
        message: 'Consistent reads are not supported on global secondary indexes',
      });
    },
  },
];

export const dynamodbProbes: readonly Probe<DynamoDB>[] = [...items, ...tables];
