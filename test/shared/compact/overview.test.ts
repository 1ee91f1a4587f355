import { expect, it } from '@jest/globals';
import { compactType } from '../../../shared/compact/compactType.js';
import type { Engine } from '../../../shared/compact/engine.js';
import { layout } from '../../../shared/compact/layout.js';
import { overview } from '../../../shared/compact/overview.js';
import type { CompactionSettings } from '../../../shared/compact/ports.js';
import { logTypes } from '../../../shared/line/schema/index.js';
import { memoryEngine } from '../../helpers/compaction/memoryEngine.js';
import { MemoryCatalog, MemoryStore } from '../../helpers/compaction/memoryStore.js';

const HOUR = 3_600_000;
const settings: CompactionSettings = {
  window: 'hour',
  landedDays: 14,
  retentionDays: 395,
  closingTime: 0,
  manifestBytes: 1000,
  unpackedBytes: 1e9,
  view: (_, boundary) => boundary,
};

it('has the lag of the type whose workers all fail, while the others are up to date', async () => {
  let time = Date.parse('2026-11-28T18:00:00Z');
  const now = () => time;
  const store = new MemoryStore(now);
  const engine: Engine = {
    open: async (job) => {
      if (job.type === 'error') throw new Error('no room');
      return memoryEngine.open(job);
    },
  };
  const ports = { store, catalog: new MemoryCatalog(), engine, now };
  for (const type of logTypes) store.put(`${layout.landed(type)}2026-11-28-18/a.json`, Buffer.from('{}'));
  expect(await overview(ports, settings)).toEqual({ windowsBehind: 0, parkedObjects: 0 });
  time += 5 * HOUR;
  const work = logTypes.map((type) => compactType(type, { id: type, until: time + HOUR }, ports, settings));
  const statuses = (await Promise.allSettled(work)).map(({ status }, at) => [logTypes[at], status]);
  expect(statuses).toContainEqual(['error', 'rejected']);
  expect(statuses).toContainEqual(['access', 'fulfilled']);
  expect(await overview(ports, settings)).toMatchObject({ windowsBehind: 5 });
});

it('a type that another worker holds has done nothing', async () => {
  const time = Date.parse('2026-11-28T18:00:00Z');
  const store = new MemoryStore(() => time);
  const ports = { store, catalog: new MemoryCatalog(), engine: memoryEngine, now: () => time };
  const once = (id: string) => compactType('app', { id, until: time + HOUR }, ports, settings);
  const done = await Promise.all([once('a'), once('b')]);
  expect(done).toContainEqual({
    result: 'busy',
    manifests: 0,
    rows: 0,
    duplicates: 0,
    unreadable: 0,
    windowsBehind: 0,
  });
});
