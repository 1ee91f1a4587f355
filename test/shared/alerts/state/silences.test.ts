import { describe, expect, it } from '@jest/globals';
import type { Silence } from '../../../../shared/alerts/ports.js';
import { MemoryStateStore } from '../../../../shared/alerts/simulation/memoryStore.js';
import {
  addSilence,
  currentSilences,
  recentSilences,
  removeSilence,
} from '../../../../shared/alerts/state/silences.js';
import { firstOf } from '../../../../shared/text/firstOf.js';
import { MINUTE, T0 } from '../../../helpers/alerts.js';

function aSilence(changes: Partial<Silence> = {}): Silence {
  return {
    id: 's1',
    matchers: { service: 'pay' },
    until: T0 + MINUTE,
    created: T0,
    by: 'me',
    why: 'a test',
    ...changes,
  };
}

describe('silences', () => {
  it('hold from when they are added until their end', async () => {
    const store = new MemoryStateStore();
    await addSilence(store, aSilence({ id: 'long', until: T0 + 2 * MINUTE }));
    await addSilence(store, aSilence());
    expect((await currentSilences(store, T0)).map(({ id }) => id)).toEqual(['s1', 'long']);
    expect(await currentSilences(store, T0 + MINUTE)).toEqual([aSilence({ id: 'long', until: T0 + 2 * MINUTE })]);
    expect(await currentSilences(store, T0 + 2 * MINUTE)).toEqual([]);
  });

  it('that are planned are known at once, and hold from when they begin', async () => {
    const store = new MemoryStateStore();
    const planned = aSilence({ id: 'planned', matchers: {}, from: T0 + MINUTE, until: T0 + 3 * MINUTE });
    await addSilence(store, planned);
    await addSilence(store, aSilence({ id: 'later', until: T0 + 5 * MINUTE }));
    expect((await currentSilences(store, T0)).map(({ id }) => id)).toEqual(['planned', 'later']);
  });

  it('that are planned are out of sight of a version that knows no beginnings', async () => {
    const store = new MemoryStateStore();
    await addSilence(store, aSilence({ from: T0 + MINUTE, until: T0 + 3 * MINUTE }));
    // Where such a version looks.
    expect(await firstOf(store.agenda('silences', 0, Number.MAX_SAFE_INTEGER), 10)).toEqual([]);
  });

  it('can be removed, once', async () => {
    const store = new MemoryStateStore();
    await addSilence(store, aSilence());
    expect(await removeSilence(store, 's1')).toBe(true);
    expect(await removeSilence(store, 's1')).toBe(false);
    expect(await currentSilences(store, T0)).toEqual([]);
  });

  it('do not replace each other', async () => {
    const store = new MemoryStateStore();
    await addSilence(store, aSilence());
    await expect(addSilence(store, aSilence({ why: 'another' }))).rejects.toThrow('there is a silence s1 already');
  });
});

describe('recentSilences', () => {
  it('reads them every half a minute', async () => {
    const [store, time] = [new MemoryStateStore(), { now: T0 }];
    const recent = recentSilences(store, () => time.now);
    expect(await recent()).toEqual([]);
    await addSilence(store, aSilence({ until: T0 + 10 * MINUTE }));
    time.now += 29_999;
    expect(await recent()).toEqual([]);
    time.now += 1;
    expect(await recent()).toHaveLength(1);
  });

  it('reads them again at once when they could not be read', async () => {
    const store = new MemoryStateStore();
    const agenda = store.agenda.bind(store);
    const next = async () => {
      throw new Error('throttled');
    };
    store.agenda = () => ({ [Symbol.asyncIterator]: () => ({ next }) });
    const recent = recentSilences(store, () => T0);
    await expect(recent()).rejects.toThrow('throttled');
    store.agenda = agenda;
    expect(await recent()).toEqual([]);
  });
});
