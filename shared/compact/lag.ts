import { logTypes } from '../line/schema/index.js';
import { windowsBehind } from './plan.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';
import { readOrBegin } from './prepare.js';

/**
 * How many closed windows the type that is furthest behind has to make Parquet. It is read from the control objects, so it
 * tells of a type whose workers all fail as well.
 */
export async function worstLag(
  ports: Pick<CompactionPorts, 'store' | 'now'>,
  settings: CompactionSettings,
): Promise<number> {
  const now = ports.now();
  const lags = logTypes.map(async (type) => {
    const held = await readOrBegin(type, ports, settings);
    return held ? windowsBehind(held.control.boundary, now, settings) : 0;
  });
  return Math.max(...(await Promise.all(lags)));
}
