import { expect, it } from '@jest/globals';
import type { Wanted } from '../../../shared/replay/event/replayEvent.js';
import { sourceObjects } from '../../../shared/replay/sources.js';
import { ReplayWorld } from '../../helpers/replayWorld.js';

const hour = Date.parse('2026-11-28T10:00:00Z');
const HOUR = 3_600_000;
const key = 'failed/processing-failed/dt=2026-11-28/hour=10/logs-1-a';

async function found(times: { readonly from?: number; readonly to?: number }): Promise<string[]> {
  const world = new ReplayWorld();
  world.add('logs', key, 'x');
  const wanted = { source: 'failed', ...times } as Wanted;
  const keys: string[] = [];
  for await (const each of sourceObjects(wanted, 'logs', world.objects, world.time)) {
    if ('key' in each) keys.push(each.key);
  }
  return keys;
}

/** It is filed by the first of its records, which may be an hour older than the last. */
it.each([
  ['begins as the last of its records may arrive', { from: hour + 2 * HOUR - 1 }, [key]],
  ['begins behind them', { from: hour + 2 * HOUR }, []],
  ['ends behind the first', { from: 0, to: hour + 1 }, [key]],
  ['ends before it', { from: 0, to: hour }, []],
])('an object is found in a period that %s', async (_, times, keys) => {
  expect(await found(times)).toEqual(keys);
});
