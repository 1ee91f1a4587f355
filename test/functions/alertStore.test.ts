import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dynamoAlertStore } from '../../functions/adapters/alertStore.js';
import type { AlertState } from '../../shared/alerts/decide.js';
import type { AlertStore } from '../../shared/alerts/ports.js';
import { T0 } from '../helpers/alerts.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';
import { memoryAlertStore } from '../helpers/memoryAlertStore.js';

const state: AlertState = {
  claim: 1,
  cooldownStart: T0,
  batches: ['0123456789abcdef'],
  delivery: {
    status: 'pending',
    leaseUntil: T0 + 60_000,
    notice: {
      number: 1,
      labels: { service: 'pay "é" 😀' },
      count: 3,
      first: T0,
      last: T0 + 5,
      samples: [{ ts: T0, service: 'pay', message: 'a\nb' }],
      suppressed: 0,
    },
  },
};
const later: AlertState = { ...state, delivery: { status: 'sent' }, suppressed: { count: 2, first: T0, last: T0 } };
const expires = T0 + 86_400_000;

let table: AlertsTable;
beforeAll(async () => {
  table = await startAlertsTable();
});
afterAll(() => table.stop());

describe.each<[string, () => AlertStore]>([
  ['in memory', memoryAlertStore],
  ['in DynamoDB', () => dynamoAlertStore(table.client, table.name)],
])('an alert store %s', (kind, open) => {
  let made = 0;
  const newId = () => ({ rule: 'a-rule', key: `${kind} ${made++} a|b#ü` });

  it('has nothing at first', async () => {
    expect(await open().load(newId())).toBeUndefined();
  });

  it('gives back what was saved', async () => {
    const [store, id] = [open(), newId()];
    expect(await store.save(id, state, undefined, expires)).toBe(true);
    expect((await store.load(id))?.state).toEqual(state);
  });

  it('saves again only over the version that was read', async () => {
    const [store, id] = [open(), newId()];
    await store.save(id, state, undefined, expires);
    const read = await store.load(id);
    expect(await store.save(id, later, read?.version, expires)).toBe(true);
    expect(await store.save(id, state, read?.version, expires)).toBe(false);
    expect(await store.save(id, state, undefined, expires)).toBe(false);
    expect((await store.load(id))?.state).toEqual(later);
  });

  it('lets one of many win', async () => {
    const [store, id] = [open(), newId()];
    const first = await Promise.all(Array.from({ length: 10 }, () => store.save(id, state, undefined, expires)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const version = (await store.load(id))?.version;
    const second = await Promise.all(Array.from({ length: 10 }, () => store.save(id, later, version, expires)));
    expect(second.filter(Boolean)).toHaveLength(1);
  });

  it('keeps rules and keys apart', async () => {
    const [store, { key }] = [open(), newId()];
    await store.save({ rule: 'a', key }, state, undefined, expires);
    expect(await store.load({ rule: 'b', key })).toBeUndefined();
    expect(await store.load({ rule: 'a', key: `${key}!` })).toBeUndefined();
  });
});

describe('the DynamoDB item', () => {
  it('has its expiry in whole seconds, as TTL wants it', async () => {
    await dynamoAlertStore(table.client, table.name).save({ rule: 'r', key: 'k' }, state, undefined, expires + 1);
    const { Item: item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: { pk: { S: 'r#k' } } }),
    );
    expect(item?.expires?.N).toBe(`${expires / 1000 + 1}`);
  });

  it('tells of any other failure', async () => {
    const elsewhere = dynamoAlertStore(table.client, 'no-such-table');
    await expect(elsewhere.load({ rule: 'r', key: 'k' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(elsewhere.save({ rule: 'r', key: 'k' }, state, undefined, expires)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
