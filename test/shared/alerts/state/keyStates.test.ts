import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { SaveTerms, StateStore, Stored } from '../../../../shared/alerts/ports.js';
import { MemoryStateStore } from '../../../../shared/alerts/simulation/memoryStore.js';
import { alertId } from '../../../../shared/alerts/state/ids.js';
import { rulesOf } from '../../../../shared/alerts/state/keyItem.js';
import { KeyStates, parallelReads } from '../../../../shared/alerts/state/keyStates.js';
import { update } from '../../../../shared/alerts/state/update.js';
import { keyItem } from '../../../../shared/bounds.js';
import { dynamodb } from '../../../../shared/limits.js';
import { firstOf } from '../../../../shared/text/firstOf.js';
import { T0 } from '../../../helpers/alerts.js';

const DAY = 86_400_000;
const terms: SaveTerms = { expires: T0 + DAY };
const dueAt = (at: number): SaveTerms => ({ ...terms, agenda: { name: 'sweep', at } });
const idOf = (rule: string, key = 'pay') => alertId({ rule, key });
const large = 'x'.repeat(keyItem.maxStateBytes);

/** Items in memory, and what was asked of them. */
class Items extends MemoryStateStore {
  readonly saved: string[] = [];
  readonly removed: string[] = [];
  /** Called before an item is saved: whoever comes first. */
  before: (id: string) => Promise<void> = async () => undefined;

  override async save(id: string, ...of: [unknown, number | undefined, SaveTerms]): Promise<boolean> {
    await this.before(id);
    this.saved.push(id);
    return super.save(id, ...of);
  }

  override async remove(id: string): Promise<void> {
    this.removed.push(id);
    return super.remove(id);
  }

  async ids(): Promise<string[]> {
    return (await firstOf(this.scan(''), 1000)).map(({ id }) => id).sort();
  }
}

/** A process that recalls each item as it saved or read it last. */
function recalling(items: StateStore): StateStore {
  const known = new Map<string, Stored>();
  const remember = (id: string, stored: Stored | undefined) => {
    if (stored) known.set(id, stored);
    else known.delete(id);
    return stored;
  };
  return {
    load: async (id) => remember(id, await items.load(id)),
    recall: (id) => known.get(id),
    save: async (id, value, expected, of) => {
      const saved = await items.save(id, value, expected, of);
      const { agenda } = of;
      remember(id, saved ? { value, version: (expected ?? 0) + 1, ...(agenda ? { agenda } : {}) } : undefined);
      return saved;
    },
    remove: (id) => items.remove(id),
    agenda: (...of) => items.agenda(...of),
    scan: (prefix) => items.scan(prefix),
  };
}

const statesOn = (items: StateStore, now = T0) => new KeyStates(items, () => now);

function add(store: StateStore, id: string, text = ''): Promise<number> {
  return update<{ count: number; text: string }, number>(store, id, (state) => {
    const count = (state?.count ?? 0) + 1;
    return { next: { value: { count, text }, terms }, result: count };
  });
}

describe('the states of a key', () => {
  it('are one item, and saved in one write when they are decided on together', async () => {
    const items = new Items();
    const states = statesOn(items);
    await states.together(idOf('a'), async (store) => {
      await add(store, idOf('a'));
      await add(store, idOf('b'));
      expect((await store.load(idOf('a')))?.value).toMatchObject({ count: 1 });
      expect(await states.load(idOf('a'))).toBeUndefined();
    });
    expect(items.saved).toEqual(['key#pay']);
    expect((await states.load(idOf('b')))?.value).toMatchObject({ count: 1 });
  });

  it('are all decided on again when somebody else was faster, so that none is saved upon what is gone by', async () => {
    const items = new Items();
    const [mine, theirs] = [statesOn(recalling(items)), statesOn(items)];
    await add(mine, idOf('a'));
    let first = true;
    items.before = async () => {
      if (!first) return;
      first = false;
      await add(theirs, idOf('a'));
    };
    let times = 0;
    await mine.together(idOf('a'), async (store) => {
      times++;
      await add(store, idOf('a'));
      await add(store, idOf('b'));
    });
    expect(times).toBe(2);
    expect((await mine.load(idOf('a')))?.value).toMatchObject({ count: 3 });
    expect((await mine.load(idOf('b')))?.value).toMatchObject({ count: 1 });
  });

  it('are saved over what another rule came to in the meantime', async () => {
    const items = new Items();
    const [mine, theirs] = [statesOn(items), statesOn(items)];
    await add(mine, idOf('a'));
    const read = await mine.load(idOf('a'));
    await add(theirs, idOf('b'));
    expect(await mine.save(idOf('a'), { count: 7 }, read?.version, terms)).toBe(true);
    expect((await mine.load(idOf('b')))?.value).toMatchObject({ count: 1 });
  });

  it('fail together with what can not be saved, and no one else does', async () => {
    const items = new Items();
    const states = statesOn(items);
    items.before = async (id) => {
      if (id === 'key#pay') throw new Error('throttled');
    };
    await expect(states.together(idOf('a'), (store) => add(store, idOf('a')))).rejects.toThrow('throttled');
    await add(states, idOf('a', 'cart'));
    expect(await items.ids()).toEqual(['key#cart']);
  });

  it('are given up when others keep being faster', async () => {
    const items = new Items();
    const states = statesOn(items);
    const theirs = new KeyStates(items, () => T0);
    let isTheirs = false;
    items.before = async () => {
      if (isTheirs) return;
      isTheirs = true;
      await add(theirs, idOf('a'));
      isTheirs = false;
    };
    await expect(states.together(idOf('a'), (store) => add(store, idOf('a')))).rejects.toThrow('changed 20 times');
  });

  it('are on the agenda for the first of them, which gives out those that are due', async () => {
    const states = statesOn(new Items());
    await states.save(idOf('late'), {}, undefined, dueAt(T0 + 50));
    await states.save(idOf('soon'), {}, undefined, dueAt(T0 + 20));
    await states.save(idOf('sooner'), {}, undefined, dueAt(T0 + 10));
    await states.save(idOf('never'), {}, undefined, terms);
    await states.save(idOf('other', 'cart'), {}, undefined, dueAt(T0 + 15));
    const due = (to: number) => firstOf(states.agenda('sweep', 0, to), 10);
    expect(await due(T0 + 9)).toEqual([]);
    expect(await due(T0 + 20)).toEqual([idOf('sooner'), idOf('soon'), idOf('other', 'cart')]);
    await states.save(idOf('sooner'), {}, 1, terms);
    expect(await due(T0 + 15)).toEqual([idOf('other', 'cart')]);
    expect((await states.load(idOf('soon')))?.agenda).toEqual({ name: 'sweep', at: T0 + 20 });
  });

  it('are looked up together when they are due, and one by one where that fails', async () => {
    const items = new Items();
    const ids = Array.from({ length: 2 * parallelReads }, (_, n) => idOf('a', `key-${n}`));
    for (const [n, id] of ids.entries()) await statesOn(items).save(id, {}, undefined, dueAt(T0 + n));
    const broken = 'key#key-3';
    const load = jest.spyOn(items, 'load').mockImplementation(async (id) => {
      if (id === broken) throw new Error('unreadable');
      return MemoryStateStore.prototype.load.call(items, id);
    });
    const loadAll = jest.fn(async (asked: readonly string[]) => {
      if (loadAll.mock.calls.length > 1) throw new Error('throttled');
      const found = await Promise.all(
        asked.map(async (id) => [id, await items.load(id).catch(() => undefined)] as const),
      );
      load.mockClear();
      return new Map(found.flatMap(([id, stored]) => (stored ? [[id, stored] as const] : [])));
    });
    const states = statesOn(Object.assign(items, { loadAll }));
    const due = await firstOf(states.agenda('sweep', 0, T0 + ids.length), 100);
    expect(due).toEqual(ids.with(3, broken));
    expect(loadAll).toHaveBeenCalledTimes(2);
    expect(load.mock.calls.map(([id]) => id)).toEqual([
      broken,
      ...Array.from({ length: parallelReads }, (_, n) => `key#key-${parallelReads + n}`),
    ]);
  });

  it('are given out as far as the agenda can be read, before it fails', async () => {
    const items = new Items();
    const ids = Array.from({ length: parallelReads + 3 }, (_, n) => idOf('a', `key-${n}`));
    for (const [n, id] of ids.entries()) await statesOn(items).save(id, {}, undefined, dueAt(T0 + n));
    const agenda = items.agenda.bind(items);
    items.agenda = async function* (...of) {
      yield* agenda(...of);
      throw new Error('throttled');
    };
    const due: string[] = [];
    const reading = async () => {
      for await (const id of statesOn(items).agenda('sweep', 0, T0 + ids.length)) due.push(id);
    };
    await expect(reading()).rejects.toThrow('throttled');
    expect(due).toEqual(ids);
  });

  it('are on no other agenda', async () => {
    const saving = statesOn(new Items()).save(idOf('a'), {}, undefined, {
      ...terms,
      agenda: { name: 'digests', at: T0 },
    });
    await expect(saving).rejects.toThrow('alerts are for the sweep');
  });

  it('are looked up for the sweep alone: what is on other agendas is given out as it is', async () => {
    const items = Object.assign(new Items(), { loadAll: jest.fn(async () => new Map<string, Stored>()) });
    await items.save('silence#1', {}, undefined, { ...terms, agenda: { name: 'silences', at: T0 } });
    const load = jest.spyOn(items, 'load');
    expect(await firstOf(statesOn(items).agenda('silences', 0, T0), 10)).toEqual(['silence#1']);
    expect(items.loadAll).not.toHaveBeenCalled();
    expect(load).not.toHaveBeenCalled();
  });

  it('go with their item, which lasts as long as the last of them, and lose those that have expired', async () => {
    const items = new Items();
    await statesOn(items).save(idOf('old'), {}, undefined, { expires: T0 + DAY });
    await statesOn(items).save(idOf('a'), {}, undefined, { expires: T0 + 3 * DAY });
    await statesOn(items, T0 + 2 * DAY).save(idOf('b'), {}, undefined, { expires: T0 + 4 * DAY });
    expect(Object.keys(rulesOf(await items.load('key#pay')))).toEqual(['a', 'b']);
  });

  it('of replayed lines are kept apart from those that people are told of', async () => {
    const items = new Items();
    const states = statesOn(items);
    await add(states, alertId({ rule: 'a', key: 'pay', replayed: true }));
    await add(states, idOf('a'));
    expect(await items.ids()).toEqual(['key#pay', 'replayed#pay']);
    expect((await firstOf(states.scan('alert#'), 10)).map(({ id }) => id)).toEqual([idOf('a')]);
  });
});

describe('a large state', () => {
  it('has an item of its own, and comes back to the others when it is small again', async () => {
    const items = new Items();
    const states = statesOn(items);
    await add(states, idOf('small'));
    await add(states, idOf('large'), large);
    expect(await items.ids()).toEqual([expect.stringMatching(/^apart#large#/), 'key#pay']);
    expect((await states.load(idOf('large')))?.value).toEqual({ count: 1, text: large });
    await add(states, idOf('large'), `${large}!`);
    expect(await items.ids()).toHaveLength(2);
    await add(states, idOf('large'));
    expect(await items.ids()).toEqual(['key#pay']);
    expect((await states.load(idOf('large')))?.value).toEqual({ count: 3, text: '' });
  });

  it('leaves nothing behind when somebody else was faster', async () => {
    const items = new Items();
    const states = statesOn(items);
    await add(states, idOf('a'));
    let first = true;
    items.before = async (id) => {
      if (id !== 'key#pay' || !first) return;
      first = false;
      await add(statesOn(items), idOf('b'));
    };
    await add(states, idOf('large'), large);
    expect(await items.ids()).toHaveLength(2);
  });

  it('is there when the answer that it was saved is lost, and the next attempt is refused', async () => {
    const items = new Items();
    const save = items.save.bind(items);
    let isLost = false;
    items.save = async (...of) => {
      const saved = await save(...of);
      if (of[0] !== 'key#pay' || isLost) return saved;
      isLost = true;
      return save(...of);
    };
    await add(statesOn(items), idOf('large'), large);
    expect((await statesOn(items).load(idOf('large')))?.value).toEqual({ count: 2, text: large });
  });

  it('is not missed by whoever reads while it is replaced', async () => {
    const items = new Items();
    const states = statesOn(items);
    await add(states, idOf('large'), large);
    const load = items.load.bind(items);
    let isReplaced = false;
    items.load = async (id) => {
      if (id.startsWith('apart#') && !isReplaced) {
        isReplaced = true;
        await add(statesOn(items), idOf('large'), large);
      }
      return load(id);
    };
    expect((await states.load(idOf('large')))?.value).toMatchObject({ count: 2 });
    isReplaced = false;
    await states.together(idOf('large'), (store) => add(store, idOf('large'), large));
    expect((await states.load(idOf('large')))?.value).toMatchObject({ count: 4 });
  });

  it('is forgotten with its item, and begins anew', async () => {
    const items = new Items();
    await add(statesOn(items), idOf('large'), large);
    const [apart = ''] = await items.ids();
    // Time to live takes them one by one.
    await items.remove(apart);
    const states = statesOn(recalling(items), T0 + 2 * DAY);
    expect(await states.load(idOf('large'))).toBeUndefined();
    expect(await add(states, idOf('large'))).toBe(1);
  });

  it('leaves its key for good with the first look at its item by which it is gone, and others stay', async () => {
    const items = new Items();
    const states = statesOn(items);
    await states.save(idOf('large'), { text: large }, undefined, dueAt(T0 + 5));
    await states.save(idOf('small'), { text: '' }, undefined, dueAt(T0 + 50));
    const [apart = ''] = await items.ids();
    await items.remove(apart);
    expect(await firstOf(states.agenda('sweep', 0, T0 + 10), 10)).toEqual([idOf('large')]);
    await states.together(idOf('large'), (store) => store.load(idOf('large')));
    expect(await firstOf(items.agenda('sweep', 0, T0 + 10), 10)).toEqual([]);
    expect(Object.keys(rulesOf(await items.load('key#pay')))).toEqual(['small']);
    expect(await firstOf(states.agenda('sweep', 0, T0 + 50), 10)).toEqual([idOf('small')]);
  });

  it('or many of them never make an item larger than it may be', async () => {
    const items = new Items();
    const states = statesOn(items);
    const text = 'x'.repeat(keyItem.maxStateBytes - 100);
    for (let rule = 0; rule < keyItem.maxStates + 20; rule++) await add(states, idOf(`rule-${rule}`), text);
    const stored = await items.load('key#pay');
    expect(Buffer.byteLength(JSON.stringify(stored?.value))).toBeLessThan(dynamodb.maxItemBytes - 2048);
    for (let rule = 0; rule < keyItem.maxStates + 20; rule++)
      expect((await states.load(idOf(`rule-${rule}`)))?.value).toMatchObject({ count: 1 });
  });

  it('is apart from as many others as there is room for, and from no more', async () => {
    const items = new Items();
    const all = async (store: StateStore) => {
      for (let rule = 0; rule < keyItem.maxStates + 3; rule++) await add(store, idOf(`rule-${rule}`));
    };
    for (const times of [1, 2]) {
      await statesOn(items).together(idOf('rule-0'), all);
      expect((await items.ids()).filter((id) => id.startsWith('apart#'))).toHaveLength(3);
      for (let rule = 0; rule < keyItem.maxStates + 3; rule++)
        expect((await statesOn(items).load(idOf(`rule-${rule}`)))?.value).toMatchObject({ count: times });
    }
  });
});

describe('a state of an earlier version, which has an item by its own id', () => {
  it('is read, moved to the item of its key when it is saved, and due until then', async () => {
    const items = new Items();
    await items.save(idOf('a'), { count: 5, text: '' }, undefined, dueAt(T0 + 5));
    const states = statesOn(recalling(items));
    expect((await states.load(idOf('a')))?.value).toMatchObject({ count: 5 });
    expect(await firstOf(states.agenda('sweep', 0, T0 + 5), 10)).toEqual([idOf('a')]);
    await add(states, idOf('a'));
    expect(await items.ids()).toEqual(['key#pay']);
    expect((await states.load(idOf('a')))?.value).toMatchObject({ count: 6 });
  });

  it('is listed once, though its removal failed when it was moved', async () => {
    const items = new Items();
    const states = statesOn(items);
    await add(states, idOf('a'));
    await items.save(idOf('a'), { count: 5, text: '' }, undefined, terms);
    await items.save(idOf('b'), { count: 7, text: '' }, undefined, terms);
    const listed = await firstOf(states.scan('alert#'), 10);
    expect(listed.map(({ id, value }) => [id, (value as { count: number }).count])).toEqual([
      [idOf('a'), 1],
      [idOf('b'), 7],
    ]);
  });

  it('is due no more once it was moved, though its removal failed', async () => {
    const items = new Items();
    await items.save(idOf('a'), { count: 5, text: '' }, undefined, dueAt(T0 + 5));
    const states = statesOn(items);
    const remove = items.remove.bind(items);
    items.remove = async () => {
      throw new Error('throttled');
    };
    await expect(add(states, idOf('a'))).resolves.toBe(6);
    // What else is due is found all the same.
    await states.save(idOf('b', 'shop'), { count: 1, text: '' }, undefined, dueAt(T0 + 5));
    const whatIsDue = () => firstOf(states.agenda('sweep', 0, T0 + 5), 10);
    expect(await whatIsDue()).toEqual([idOf('b', 'shop')]);
    items.remove = remove;
    expect(await whatIsDue()).toEqual([idOf('b', 'shop')]);
    expect(await items.ids()).toEqual(['key#pay', 'key#shop']);
  });
});

describe('processes that work on the states of a key at once', () => {
  const rules = ['a', 'b', 'c'];
  const someWork = fc.record({
    process: fc.nat({ max: 2 }),
    rules: fc.subarray(rules, { minLength: 1 }),
    together: fc.boolean(),
    isLarge: fc.boolean(),
    isFirstRead: fc.boolean(),
  });

  it('lose nothing that any of them counted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someWork, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.scheduler(),
        async (work, isEarlier, scheduler) => {
          const items = new MemoryStateStore();
          if (isEarlier) await items.save(idOf('a'), { count: 100, text: '' }, undefined, terms);
          // What is asked of the table is answered in any order.
          const slow: StateStore = {
            load: scheduler.scheduleFunction((id: string) => items.load(id)),
            save: scheduler.scheduleFunction(async (...of: Parameters<StateStore['save']>) => items.save(...of)),
            remove: scheduler.scheduleFunction((id: string) => items.remove(id)),
            agenda: (...of) => items.agenda(...of),
            scan: (prefix) => items.scan(prefix),
          };
          const processes = Array.from({ length: 3 }, () => statesOn(recalling(slow)));
          const counted = new Map(rules.map((rule) => [rule, isEarlier && rule === 'a' ? 100 : 0]));
          const done = work.map(async ({ process, rules: of, together, isLarge, isFirstRead }) => {
            const states = processes[process] as KeyStates;
            const all = async (store: StateStore) => {
              for (const rule of of) {
                if (isFirstRead) await store.load(idOf(rule));
                await add(store, idOf(rule), isLarge ? large : '');
              }
            };
            if (together) await states.together(idOf('a'), all);
            else await all(states);
            for (const rule of of) counted.set(rule, (counted.get(rule) ?? 0) + 1);
          });
          await scheduler.waitFor(Promise.all(done));
          for (const rule of rules) {
            const state = (await statesOn(items).load(idOf(rule)))?.value as { count: number } | undefined;
            expect({ rule, count: state?.count ?? 0 }).toEqual({ rule, count: counted.get(rule) });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
