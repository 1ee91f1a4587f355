import { inflateRawSync } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { alertStates } from '../../functions/adapters/alertStates.js';
import { dynamoStateStore } from '../../functions/adapters/dynamoStateStore.js';
import type { Agenda, SaveTerms, StateStore } from '../../shared/alerts/ports.js';
import { MemoryStateStore } from '../../shared/alerts/simulation/memoryStore.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { dynamodb } from '../../shared/limits.js';
import { firstOf } from '../../shared/text/firstOf.js';
import { inParallel } from '../../shared/text/parallel.js';
import { T0 } from '../helpers/alerts.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';

const value = { claim: 1, labels: { service: 'pay "é" 😀 \ud800' }, batches: ['0123456789abcdef'], none: null };
const later = { ...value, claim: 2 };
const terms: SaveTerms = { expires: T0 + 86_400_000 };
const on = (name: Agenda, at: number): SaveTerms => ({ ...terms, agenda: { name, at } });

let table: AlertsTable;
beforeAll(async () => {
  table = await startAlertsTable();
});
afterAll(() => table.stop());

/** Every adapter of the port. */
const adapters: { readonly [name: string]: () => StateStore } = {
  MemoryStateStore: () => new MemoryStateStore(),
  dynamoStateStore: () => dynamoStateStore(table.client, table.name, 1_000_000),
  'KeyStates in memory': () => new KeyStates(new MemoryStateStore(), () => T0),
  alertStates: () => alertStates(table.client, table.name, 1_000_000, () => T0),
};

describe.each(Object.entries(adapters))('%s', (kind, open) => {
  let made = 0;
  const newId = () => `alert#a-rule#${kind} ${made++} a|b#ü`;

  it('has nothing at first', async () => {
    expect(await open().load(newId())).toBeUndefined();
  });

  it('gives back what was saved', async () => {
    const [store, id] = [open(), newId()];
    expect(await store.save(id, value, undefined, terms)).toBe(true);
    expect((await store.load(id))?.value).toEqual(value);
  });

  it('saves again only over the version that was read', async () => {
    const [store, id] = [open(), newId()];
    await store.save(id, value, undefined, terms);
    const read = await store.load(id);
    expect(await store.save(id, later, read?.version, terms)).toBe(true);
    expect(await store.save(id, value, read?.version, terms)).toBe(false);
    expect(await store.save(id, value, undefined, terms)).toBe(false);
    expect((await store.load(id))?.value).toEqual(later);
  });

  it('has an alert no more once it is removed', async () => {
    const [store, id] = [open(), newId()];
    await store.save(id, value, undefined, on('sweep', T0 + 77));
    await store.remove(id);
    expect(await store.load(id)).toBeUndefined();
    expect(store.recall?.(id)).toBeUndefined();
    expect(await firstOf(store.agenda('sweep', T0 + 77, T0 + 77), 10)).not.toContain(id);
  });

  it('saves nothing over what is gone', async () => {
    expect(await open().save(newId(), value, 1, terms)).toBe(false);
  });

  it('lets one of many win', async () => {
    const [store, id] = [open(), newId()];
    const first = await Promise.all(Array.from({ length: 10 }, () => store.save(id, value, undefined, terms)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const version = (await store.load(id))?.version;
    const second = await Promise.all(Array.from({ length: 10 }, () => store.save(id, later, version, terms)));
    expect(second.filter(Boolean)).toHaveLength(1);
  });

  it('removes, and has nothing against removing again', async () => {
    const [store, id] = [open(), `silence#${newId()}`];
    await store.save(id, value, undefined, on('silences', T0 + 77));
    await store.remove(id);
    await store.remove(id);
    expect(await store.load(id)).toBeUndefined();
    expect(store.recall?.(id)).toBeUndefined();
    expect(await firstOf(store.agenda('silences', T0 + 77, T0 + 77), 10)).not.toContain(id);
  });

  it('lists an agenda by time, both ends inclusive and no more than asked for', async () => {
    const store = open();
    // Some share a table.
    const at = T0 + 1_000_000 * (1 + Object.keys(adapters).indexOf(kind));
    const ids = Array.from({ length: 30 }, newId);
    await Promise.all(ids.map((id, i) => store.save(id, value, undefined, on('sweep', at + i))));
    await store.save(`route#${newId()}`, value, undefined, on('digests', at));
    await store.save(newId(), value, undefined, terms);
    expect(await firstOf(store.agenda('sweep', at, at + 29), 100)).toEqual(ids);
    expect(await firstOf(store.agenda('sweep', at + 2, at + 4), 100)).toEqual(ids.slice(2, 5));
    expect(await firstOf(store.agenda('sweep', at, at + 29), 3)).toEqual(ids.slice(0, 3));
  });

  it('has an id on the agenda of its last save alone', async () => {
    // Alerts are on no other agenda than the sweep's.
    const [store, id] = [open(), `group#${newId()}`];
    const at = T0 + 20_000_000;
    const lists = async () =>
      Promise.all(
        (['sweep', 'digests', 'silences', 'conditional'] as const).map(async (name) =>
          (await firstOf(store.agenda(name, at, at + 10), 10)).includes(id),
        ),
      );
    await store.save(id, value, undefined, on('sweep', at));
    expect(await lists()).toEqual([true, false, false, false]);
    await store.save(id, value, 1, on('digests', at + 1));
    expect(await lists()).toEqual([false, true, false, false]);
    await store.save(id, value, 2, on('conditional', at + 2));
    expect(await lists()).toEqual([false, false, false, true]);
    await store.save(id, value, 3, terms);
    expect(await lists()).toEqual([false, false, false, false]);
  });

  it('scans what begins alike', async () => {
    const [store, ids] = [open(), [newId(), newId()]];
    for (const id of ids) await store.save(id, { id }, undefined, terms);
    await store.save(`silence#${kind}`, value, undefined, terms);
    const found = new Map<string, unknown>();
    for await (const { id, value } of store.scan(`alert#a-rule#${kind}`)) found.set(id, value);
    for (const id of ids) expect(found.get(id)).toEqual({ id });
    expect([...found.keys()].filter((id) => !id.startsWith(`alert#a-rule#${kind}`))).toEqual([]);
  });

  it('recalls only what was stored, and what it recalls is never saved over what somebody else did', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ mine: fc.boolean(), recalled: fc.boolean() }), { maxLength: 12 }),
        async (steps) => {
          const [id, mine, theirs] = [newId(), open(), /memory/i.test(kind) ? undefined : open()];
          let count = 0;
          for (const { mine: isMine, recalled } of steps) {
            const store = isMine ? mine : (theirs ?? mine);
            const known = recalled ? (store.recall?.(id) ?? (await store.load(id))) : await store.load(id);
            const next = ((known?.value as { count: number } | undefined)?.count ?? 0) + 1;
            if (await store.save(id, { count: next }, known?.version, terms)) count++;
          }
          const stored = await mine.load(id);
          expect((stored?.value as { count: number } | undefined)?.count ?? 0).toBe(count);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the DynamoDB item', () => {
  it('has its expiry in whole seconds, as TTL wants it', async () => {
    const expires = T0 + 1;
    await dynamoStateStore(table.client, table.name, 1_000_000).save('alert#r#k', value, undefined, { expires });
    const { Item: item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: { pk: { S: 'alert#r#k' } } }),
    );
    expect(item?.expires?.N).toBe(`${T0 / 1000 + 1}`);
    expect(Object.keys(item ?? {}).sort()).toEqual(['expires', 'pk', 'value', 'version']);
  });

  it('is read but once by the process that saves it, unless it is large', async () => {
    const store = dynamoStateStore(table.client, table.name, 1_000_000);
    await store.save('alert#r#small', value, undefined, terms);
    await store.save('alert#r#large', { text: 'x'.repeat(70_000) }, undefined, terms);
    expect(store.recall?.('alert#r#small')).toEqual({ value, version: 1 });
    expect(store.recall?.('alert#r#large')).toBeUndefined();
  });

  it('is recalled no more when somebody else saved it', async () => {
    const [mine, theirs] = [
      dynamoStateStore(table.client, table.name, 1_000_000),
      dynamoStateStore(table.client, table.name, 1_000_000),
    ];
    await mine.save('alert#r#both', value, undefined, terms);
    await theirs.load('alert#r#both');
    await theirs.save('alert#r#both', later, 1, terms);
    expect(await mine.save('alert#r#both', value, mine.recall?.('alert#r#both')?.version, terms)).toBe(false);
    expect(mine.recall?.('alert#r#both')).toBeUndefined();
  });

  it('is known from a refusal, as somebody else saved it', async () => {
    const store = dynamoStateStore(table.client, table.name, 1_000_000);
    await store.save('alert#r#refused', value, undefined, terms);
    const Item = { pk: { S: 'alert#r#refused' }, version: { N: '7' }, value: { S: JSON.stringify(later) } };
    // The table on the laptop does not say what DynamoDB says.
    const refusal = new ConditionalCheckFailedException({ message: 'refused', $metadata: {}, Item });
    const send = jest.spyOn(table.client, 'send').mockImplementationOnce(() => Promise.reject(refusal) as never);
    expect(await store.save('alert#r#refused', value, 1, terms)).toBe(false);
    expect(send.mock.calls[0]?.[0].input).toMatchObject({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(store.recall?.('alert#r#refused')).toEqual({ value: later, version: 7 });
    send.mockRestore();
  });

  it('has its value as text while that is short, and compressed from then on', async () => {
    const store = dynamoStateStore(table.client, table.name);
    const long = {
      buckets: Array.from({ length: 30 }, (_, at) => ({ at: T0 + at * 60_000, count: at, text: 'ü 😀' })),
    };
    await store.save('alert#r#short', value, undefined, terms);
    await store.save('alert#r#long', long, undefined, on('sweep', T0 + 5));
    const stored = async (id: string) =>
      (await table.client.send(new GetItemCommand({ TableName: table.name, Key: { pk: { S: id } } }))).Item?.value;
    expect((await stored('alert#r#short'))?.S).toBe(JSON.stringify(value));
    expect((await stored('alert#r#long'))?.B?.length).toBeLessThan(JSON.stringify(long).length / 4);
    expect(await store.load('alert#r#long')).toEqual({
      value: long,
      version: 1,
      agenda: { name: 'sweep', at: T0 + 5 },
    });
  });

  it('stores what is of no key as a version before reads it', async () => {
    const store = dynamoStateStore(table.client, table.name);
    const long = { text: 'digest '.repeat(200) };
    const bytesOf = async (id: string) => {
      await store.save(id, long, undefined, terms);
      const command = new GetItemCommand({ TableName: table.name, Key: { pk: { S: id } } });
      return (await table.client.send(command)).Item?.value?.B ?? Buffer.of();
    };
    for (const id of ['route#team', 'group#team#pay', 'batch#0123456789abcdef', 'silence#s1', 'learning#new'])
      expect(inflateRawSync(await bytesOf(id)).toString()).toBe(JSON.stringify(long));
    for (const id of ['key#before', 'replayed#before', 'apart#a-rule#before']) {
      expect((await bytesOf(id))[0]).toBe(6);
      expect((await store.load(id))?.value).toEqual(long);
    }
  });

  it('looks up many at once, and leaves out what is not there or not readable', async () => {
    const store = dynamoStateStore(table.client, table.name, 1_000_000);
    const ids = Array.from({ length: dynamodb.maxBatchKeys - 2 }, (_, n) => `alert#many#${n}`);
    await inParallel(ids, 32, (id) => store.save(id, { id }, undefined, on('sweep', T0 + 6)));
    const broken = { pk: { S: 'alert#many#broken' }, version: { N: '1' }, value: { B: Buffer.from('none') } };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: broken }));
    const send = jest.spyOn(table.client, 'send');
    const found = await store.loadAll?.(['alert#many#none', ...ids, 'alert#many#7', 'alert#many#broken']);
    expect(send).toHaveBeenCalledTimes(1);
    send.mockRestore();
    const stored = (id: string) => ({ value: { id }, version: 1, agenda: { name: 'sweep', at: T0 + 6 } });
    expect(found).toEqual(new Map(ids.map((id) => [id, stored(id)])));
    expect(store.recall?.('alert#many#7')).toEqual(stored('alert#many#7'));
    await expect(store.load('alert#many#broken')).rejects.toThrow();
  });

  it('looks up each by itself that DynamoDB had no room for', async () => {
    const store = dynamoStateStore(table.client, table.name);
    await store.save('alert#room#a', value, undefined, terms);
    const answer = { Responses: {}, UnprocessedKeys: { [table.name]: { Keys: [{ pk: { S: 'alert#room#a' } }] } } };
    const send = jest.spyOn(table.client, 'send').mockImplementationOnce(() => Promise.resolve(answer) as never);
    expect(await store.loadAll?.(['alert#room#a'])).toEqual(new Map());
    send.mockRestore();
  });

  it('reads an agenda a page at a time, and no further than it is asked for', async () => {
    const store = dynamoStateStore(table.client, table.name);
    const at = T0 + 9_000_000;
    const ids = Array.from({ length: 1200 }, (_, n) => `alert#paged#${n}`);
    await inParallel(ids, 32, (id) => store.save(id, { id }, undefined, on('sweep', at + Number(id.slice(12)))));
    const send = jest.spyOn(table.client, 'send');
    expect(await firstOf(store.agenda('sweep', at, at + 2000), 10)).toEqual(ids.slice(0, 10));
    expect(send).toHaveBeenCalledTimes(8);
    send.mockRestore();
    expect(await firstOf(store.agenda('sweep', at, at + 2000), 2000)).toEqual(ids);
  });

  it('lists what is due of the other parts of an agenda when one can not be read, and then says why', async () => {
    const store = dynamoStateStore(table.client, table.name);
    const at = T0 + 8_000_000;
    const ids = Array.from({ length: 40 }, (_, n) => `alert#part#${n}`);
    await inParallel(ids, 32, (id) => store.save(id, { id }, undefined, on('sweep', at)));
    const send = table.client.send.bind(table.client) as (command: QueryCommand) => Promise<unknown>;
    const failing = jest.spyOn(table.client, 'send').mockImplementation(((command: QueryCommand) => {
      if (command.input.ExpressionAttributeValues?.[':part']?.S === 'sweep#3')
        return Promise.reject(new Error('throttled'));
      return send(command);
    }) as never);
    const listed: string[] = [];
    const listing = async () => {
      for await (const id of store.agenda('sweep', at, at)) listed.push(id);
    };
    await expect(listing()).rejects.toThrow('throttled');
    failing.mockRestore();
    expect(listed.length).toBeGreaterThan(20);
    expect(listed.length).toBeLessThan(ids.length);
  });

  it('without a value is no item that is not there', async () => {
    const store = dynamoStateStore(table.client, table.name);
    const id = 'alert#valueless#a';
    await table.client.send(
      new PutItemCommand({ TableName: table.name, Item: { pk: { S: id }, version: { N: '1' } } }),
    );
    await expect(store.load(id)).rejects.toThrow(`the item ${id} has no value that can be read`);
    expect(await store.loadAll?.([id])).toEqual(new Map());
  });

  it('tells of any other failure', async () => {
    const elsewhere = dynamoStateStore(table.client, 'no-such-table');
    await expect(elsewhere.load('alert#r#k')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(elsewhere.save('alert#r#k', value, undefined, terms)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
