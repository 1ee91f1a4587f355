import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createControl, type HeldControl, readControl } from '../../../shared/compact/control.js';
import { type Engine, TooMuchError } from '../../../shared/compact/engine.js';
import { layout } from '../../../shared/compact/layout.js';
import { readManifest } from '../../../shared/compact/manifest.js';
import { readOutputs } from '../../../shared/compact/outputs.js';
import type { CompactionSettings } from '../../../shared/compact/ports.js';
import { type Step, step } from '../../../shared/compact/step.js';
import { recordHourOf } from '../../../shared/compact/windows.js';
import { memoryEngine, rowsOf } from '../../helpers/compaction/memoryEngine.js';
import { MemoryCatalog, MemoryStore } from '../../helpers/compaction/memoryStore.js';

const MINUTE = 60_000;
const settings: CompactionSettings = {
  window: 'hour',
  landedDays: 14,
  retentionDays: 395,
  closingTime: 20 * MINUTE,
  manifestBytes: 1000,
  unpackedBytes: 1e9,
  view: (_, boundary) => boundary,
};

let time: number;
let store: MemoryStore;
let catalog: MemoryCatalog;
let held: HeldControl;
let engine: Engine;

beforeEach(async () => {
  time = Date.parse('2026-11-28T19:21:00Z');
  store = new MemoryStore(() => time);
  catalog = new MemoryCatalog();
  engine = memoryEngine;
  const created = await createControl(store, 'access', '2026-11-28-18', time);
  if (!created) throw new Error('no control object');
  held = created;
});

function land(hour: string, name: string, rows: readonly { readonly [column: string]: unknown }[]): string {
  const key = `${layout.landed('access')}${hour}/${name}.json`;
  store.put(key, Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')));
  return key;
}

async function next(): Promise<Step> {
  const result = await step('access', held, { store, catalog, engine, now: () => time }, settings).catch(
    async (error: unknown) => {
      await readAgain();
      throw error;
    },
  );
  if (result.result === 'worked' || result.result === 'failed') held = result.held;
  return result;
}

/** As the next worker does. */
async function readAgain(): Promise<void> {
  held = (await readControl(store, 'access')) ?? held;
}

async function untilIdle(): Promise<void> {
  while ((await next()).result === 'worked');
}

const aRow = { ts: '2026-11-28 18:00:00.000', record: '7a3f0abc', line: 1 };

describe('a step', () => {
  it('waits until a window is closed', async () => {
    time -= 2 * MINUTE;
    land('2026-11-28-18', 'a', [aRow]);
    expect(await next()).toEqual({ result: 'idle' });
  });

  it('writes a manifest, runs it, notes it, and moves the boundary, one after the other', async () => {
    const key = land('2026-11-28-18', 'a', [aRow]);
    await next();
    expect((await readManifest(store, 'access', 0))?.objects.map((object) => object.key)).toEqual([key]);
    await next();
    const file = 'parquet/type=access/dt=2026-11-28/2026-11-28-18-00000000.parquet';
    expect((await readOutputs(store, 'access', 0))?.files).toContain(file);
    expect(rowsOf(store.objects.get(file)?.body ?? Buffer.alloc(0))).toEqual([{ ...aRow, arrived: '2026-11-28-18' }]);
    expect(await next()).toMatchObject({ done: { rows: 1, duplicates: 0 }, held: { control: { manifest: 1 } } });
    await next();
    expect(held.control.boundary).toBe('2026-11-28-19');
    expect(catalog.views.get('access')?.definition).toBe('2026-11-28-19');
    expect(await next()).toEqual({ result: 'idle' });
  });

  it('moves the boundary over windows in which nothing landed', async () => {
    time += 3 * 60 * MINUTE;
    await untilIdle();
    expect(held.control.boundary).toBe('2026-11-28-22');
  });

  it('takes no more into a manifest than a worker can carry, but any single object', async () => {
    const big = { ...aRow, message: 'x'.repeat(2000) };
    for (const name of ['a', 'b', 'c']) land('2026-11-28-18', name, [name === 'b' ? big : { ...aRow, message: name }]);
    await untilIdle();
    const manifests = await Promise.all([0, 1, 2].map((number) => readManifest(store, 'access', number)));
    expect(manifests.map((each) => each?.objects.length)).toEqual([1, 1, 1]);
  });

  it('runs the manifest that is there, whatever a slower worker would have written in its place', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    const { get } = store;
    const created = new Promise<void>((resolve) => {
      // The worker has looked whether there is a manifest, and goes on when another one has written it.
      store.get = async (key, etag) => {
        const found = await get.call(store, key, etag);
        if (key !== layout.manifest('access', 0)) return found;
        store.get = get;
        land('2026-11-28-18', 'b', [{ ...aRow, line: 2 }]);
        const other = await step('access', held, { store, catalog, engine, now: () => time }, settings);
        expect(other.result).toBe('worked');
        store.objects.delete(`${layout.landed('access')}2026-11-28-18/b.json`);
        resolve();
        return found;
      };
    });
    await next();
    await created;
    const manifest = await readManifest(store, 'access', 0);
    expect(manifest?.objects.map(({ key }) => key)).toHaveLength(2);
  });

  it('takes an object that came late, and leaves out what was there before', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    await untilIdle();
    land('2026-11-28-18', 'b', [aRow, { ...aRow, line: 2 }]);
    await untilIdle();
    expect(await readOutputs(store, 'access', 1)).toMatchObject({ rows: 1, duplicates: 1 });
    expect(held.control.boundary).toBe('2026-11-28-19');
  });

  it.each([
    ['near an earlier window and is far from this one', '2026-11-28-18', '2026-12-02-18'],
    ['far from an earlier window and is near this one', '2026-12-02-18', '2026-11-28-18'],
  ])('knows a line again whose hour was %s', async (_, earlier, later) => {
    // 91 days before the first, 95 before the second.
    const row = { ...aRow, record: `${recordHourOf(Date.parse('2026-08-29T18:00:00Z'))}abc` };
    const windows = [earlier, later];
    for (const window of windows) {
      time = Math.max(time, Date.parse('2026-12-02T19:21:00Z'));
      land(window, window, [row]);
      await untilIdle();
      time += 60 * MINUTE;
      await untilIdle();
    }
    const outputs = await Promise.all([0, 1].map((number) => readOutputs(store, 'access', number)));
    expect(outputs.map((each) => each?.rows)).toEqual([1, 0]);
  });

  it('takes nothing again when a manifest is missing, and says so', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    await untilIdle();
    store.objects.delete(layout.manifest('access', 0));
    land('2026-11-28-18', 'b', [aRow]);
    await expect(next()).rejects.toThrow('00000000.json is missing');
  });

  it('finds what came days late within an hour', async () => {
    land('2026-11-25-03', 'a', [aRow]);
    await untilIdle();
    expect(await readManifest(store, 'access', 0)).toBeUndefined();
    time += 60 * MINUTE;
    await untilIdle();
    expect(await readManifest(store, 'access', 0)).toMatchObject({ window: '2026-11-25-03' });
  });

  it('does not look at what Athena does not read, nor at what is no object of an hour', async () => {
    for (const name of ['_SUCCESS', '.hidden'])
      store.put(`${layout.landed('access')}2026-11-28-18/${name}`, Buffer.from(''));
    store.put(`${layout.landed('access')}oddly/a.json`, Buffer.from(''));
    await untilIdle();
    expect(await readManifest(store, 'access', 0)).toBeUndefined();
    expect(held.control.boundary).toBe('2026-11-28-19');
  });
});

describe('a manifest whose object was deleted or replaced', () => {
  beforeEach(async () => {
    land('2026-11-28-18', 'a', [aRow]);
    const key = land('2026-11-28-18', 'b', [{ ...aRow, line: 2 }]);
    await next();
    // A worker that has read everything, and died before it had written all of it.
    store.put('parquet/type=access/dt=2026-11-28/2026-11-28-18-00000000.parquet', Buffer.from('[]'));
    store.put(key, Buffer.from(JSON.stringify({ ...aRow, line: 3 })));
  });

  it('is run by nobody, and says so, as long as a worker may be at it that read the object before', async () => {
    await next();
    await expect(next()).rejects.toThrow(/manifest 0 of access names 1 landed objects .*b\.json/);
    time += 59 * MINUTE;
    await expect(next()).rejects.toThrow('gone or were replaced');
  });

  it('is given up after an hour: what it left is removed, and what is there becomes Parquet', async () => {
    await next();
    time += 60 * MINUTE;
    await untilIdle();
    expect([...store.objects.keys()].filter((key) => key.startsWith('parquet/'))).toEqual([
      'parquet/type=access/dt=2026-11-28/2026-11-28-18-00000001.parquet',
    ]);
    expect(await readOutputs(store, 'access', 1)).toMatchObject({ rows: 2 });
  });
});

describe('a manifest that the engine fails on', () => {
  async function untilItIsNarrowedDown(): Promise<void> {
    while (held.control.failing?.stopped === undefined) await untilIdle();
    expect(held.control.failing.times).toBe(3);
    // A worker may still be at it.
    expect(await next()).toMatchObject({ result: 'failed', reason: expect.stringContaining('an hour after') });
    time += 60 * MINUTE;
    await untilIdle();
  }

  function fileKeys(): readonly string[] {
    return [...store.objects.keys()].filter((key) => key.startsWith('parquet/'));
  }

  it('parks the object that it fails on, with the reason, and goes on with the others', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    const damaged = `${layout.landed('access')}2026-11-28-18/b.json.gz`;
    const etag = store.put(damaged, gzipSync('{}').subarray(0, 15));
    land('2026-11-28-18', 'c', [{ ...aRow, line: 2 }]);
    await untilItIsNarrowedDown();
    expect(held.control.parked).toMatchObject([{ key: damaged, etag, reason: expect.stringContaining('end of file') }]);
    expect(store.objects.has(damaged)).toBe(true);
    expect(await readOutputs(store, 'access', 1)).toMatchObject({ rows: 2 });
    expect(held.control.boundary).toBe('2026-11-28-20');
  });

  it('takes a parked object again once it is replaced, and forgets one that is gone', async () => {
    const [mended, deleted] = ['a', 'b'].map((name) => `${layout.landed('access')}2026-11-28-18/${name}.json.gz`);
    for (const key of [mended, deleted]) store.put(String(key), Buffer.from('{'));
    await untilItIsNarrowedDown();
    expect(held.control.parked).toHaveLength(2);
    store.put(String(mended), gzipSync(JSON.stringify(aRow)));
    store.objects.delete(String(deleted));
    time += 60 * MINUTE;
    await untilIdle();
    expect(held.control.parked).toEqual([]);
    expect(await readOutputs(store, 'access', 1)).toMatchObject({ rows: 1 });
  });

  it('takes half as many objects when they are too much together', async () => {
    engine = {
      open: async (job) => {
        if (job.objects.length > 2) throw new Error('no space left');
        return memoryEngine.open(job);
      },
    };
    for (const line of [1, 2, 3, 4, 5]) land('2026-11-28-18', `${line}`, [{ ...aRow, line }]);
    await untilItIsNarrowedDown();
    const rows = await Promise.all([1, 2, 3].map((number) => readOutputs(store, 'access', number)));
    expect(rows.map((each) => each?.rows)).toEqual([2, 2, 1]);
    expect(held.control).toMatchObject({ boundary: '2026-11-28-20', parked: [] });
    expect(held.control.atMost).toBeUndefined();
    expect(fileKeys()).toHaveLength(3);
  });

  it('parks an object that fails only beside what earlier manifests know, when it has failed by itself twice', async () => {
    engine = {
      open: async (job) => {
        const open = await memoryEngine.open(job);
        const write: typeof open.write = (earlier) =>
          earlier.length > 0 ? Promise.reject(new Error('out of memory')) : open.write(earlier);
        return { ...open, write };
      },
    };
    land('2026-11-28-18', 'a', [aRow]);
    await untilIdle();
    const key = land('2026-11-28-19', 'b', [aRow]);
    time += 60 * MINUTE;
    await untilItIsNarrowedDown();
    expect(held.control.parked).toEqual([]);
    await untilItIsNarrowedDown();
    expect(held.control.parked).toMatchObject([{ key, reason: 'Error: out of memory' }]);
  });

  it('takes half as many objects, an hour later and without trying each, when they are more than can be unpacked', async () => {
    const opened: number[] = [];
    engine = {
      open: async (job) => {
        opened.push(job.objects.length);
        if (job.objects.length > 1) throw new TooMuchError('more than the disk holds');
        return memoryEngine.open(job);
      },
    };
    for (const line of [1, 2]) land('2026-11-28-18', `${line}`, [{ ...aRow, line }]);
    await untilIdle();
    expect(held.control.failing).toMatchObject({ times: 1, stopped: time });
    time += 60 * MINUTE;
    await untilIdle();
    expect(opened).toEqual([2, 1, 1]);
    expect(held.control).toMatchObject({ boundary: '2026-11-28-20', parked: [] });
  });

  it('parks nothing when the engine itself is broken', async () => {
    engine = { open: () => Promise.reject(new Error('no such library')) };
    land('2026-11-28-18', 'a', [aRow]);
    await expect(untilItIsNarrowedDown()).rejects.toThrow('no such library');
    engine = memoryEngine;
    await untilIdle();
    expect(held.control.parked).toEqual([]);
    expect(await readOutputs(store, 'access', 1)).toMatchObject({ rows: 1 });
  });
});

describe('a manifest whose workers are killed', () => {
  const lifetime = 15 * MINUTE;

  /** A worker that is ended within the manifest that it runs, and the end of its time. */
  async function killed(): Promise<void> {
    held = { ...held, control: { ...held.control, worker: { id: 'it', until: time + lifetime } } };
    const running = engine;
    const begun = new Promise<void>((resolve) => {
      engine = { open: () => new Promise<never>(() => resolve()) };
    });
    void next();
    await begun;
    engine = running;
    time += lifetime;
    await readAgain();
  }

  it('is noticed to have failed when the next worker comes, and run again', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    await next();
    await killed();
    expect(await next()).toMatchObject({ result: 'failed', reason: expect.stringContaining('was ended') });
    expect(held.control.failing).toMatchObject({ times: 1 });
    await untilIdle();
    expect(await readOutputs(store, 'access', 0)).toMatchObject({ rows: 1 });
    expect(held.control.failing).toBeUndefined();
  });

  it('is not counted as failed while another worker may still be at it', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    await next();
    await killed();
    time -= 1;
    await untilIdle();
    expect(held.control.failing).toBeUndefined();
    expect(await readOutputs(store, 'access', 0)).toMatchObject({ rows: 1 });
  });

  it('takes half as many objects after three of them, and an hour, and parks one alone', async () => {
    for (const line of [1, 2]) land('2026-11-28-18', `${line}`, [{ ...aRow, line }]);
    const killedThrice = async () => {
      for (let kill = 0; kill < 3; kill++) {
        await killed();
        await next();
      }
      expect(held.control.failing).toMatchObject({ times: 3, stopped: time });
      time += 60 * MINUTE;
    };
    await next();
    await killedThrice();
    await next();
    expect(await readOutputs(store, 'access', 0)).toMatchObject({ gone: [], atMost: 1 });
    while ((await readManifest(store, 'access', 1)) === undefined) await next();
    await killedThrice();
    await untilIdle();
    const first = `${layout.landed('access')}2026-11-28-18/1.json`;
    expect(held.control.parked).toMatchObject([{ key: first, reason: expect.stringContaining('memory or time') }]);
    expect(await readOutputs(store, 'access', 2)).toMatchObject({ rows: 1 });
  });

  it('is not counted as killed when the store fails', async () => {
    land('2026-11-28-18', 'a', [aRow]);
    await next();
    const { get } = store;
    store.get = (key, etag) =>
      key.startsWith('logs/') ? Promise.reject(new Error('slow down')) : get.call(store, key, etag);
    await expect(next()).rejects.toThrow('slow down');
    store.get = get;
    time += 60 * MINUTE;
    expect(held.control.begun).toBeUndefined();
    await untilIdle();
    expect(await readOutputs(store, 'access', 0)).toMatchObject({ rows: 1 });
  });
});

it('takes less into a manifest when that of before became more than may be unpacked', async () => {
  engine = { open: async (job) => ({ ...(await memoryEngine.open(job)), unpacked: 1e10 }) };
  land('2026-11-28-18', 'a', [aRow]);
  await untilIdle();
  engine = memoryEngine;
  for (const line of [2, 3]) land('2026-11-28-18', `${line}`, [{ ...aRow, line }]);
  await untilIdle();
  const manifests = await Promise.all([1, 2].map((number) => readManifest(store, 'access', number)));
  expect(manifests.map((each) => each?.objects.length)).toEqual([1, 1]);
});

it('takes nothing again in an hour of which it has forgotten what was taken', async () => {
  land('2026-11-28-18', 'a', [aRow]);
  land('2026-11-28-19', 'b', [{ ...aRow, line: 2 }]);
  // Nothing was compacted for as long as landed objects are kept.
  time += 20 * 24 * 60 * MINUTE;
  await untilIdle();
  expect(held.control.from).toBe('2026-11-28-19');
  land('2026-11-28-18', 'late', [{ ...aRow, line: 3 }]);
  await untilIdle();
  const outputs = await Promise.all([0, 1, 2].map((number) => readOutputs(store, 'access', number)));
  expect(outputs.map((each) => each?.rows)).toEqual([1, 1, undefined]);
});

it('sweeps files of finished manifests that are on no list, once a day', async () => {
  land('2026-11-28-18', 'a', [aRow]);
  await untilIdle();
  const orphan = 'parquet/type=access/dt=1999-01-01/2026-11-28-18-00000000.parquet';
  const running = 'parquet/type=access/dt=1999-01-01/2026-11-28-19-00000007.parquet';
  for (const key of [orphan, running]) store.put(key, Buffer.from('[]'));
  await untilIdle();
  expect(store.objects.has(orphan)).toBe(true);
  time += 24 * 60 * MINUTE;
  await untilIdle();
  expect(store.objects.has(orphan)).toBe(false);
  expect(store.objects.has(running)).toBe(true);
});
