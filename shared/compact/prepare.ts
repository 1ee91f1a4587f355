import type { LogType } from '../line/schema/index.js';
import { createControl, type HeldControl, readControl } from './control.js';
import { arrivalHourIn, layout } from './layout.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';
import { showBoundary } from './view.js';
import { startOf, windowAt } from './windows.js';

/** Makes sure that a type has a boundary and a view of today's columns. */
export async function prepareType(
  type: LogType,
  ports: Omit<CompactionPorts, 'engine'>,
  settings: CompactionSettings,
): Promise<void> {
  await readOrBegin(type, ports, settings);
  await showBoundary(type, ports, settings);
}

/** The control object. The first boundary is where the oldest objects are, or the first window that is not yet closed. */
export async function readOrBegin(
  type: LogType,
  { store, now }: Pick<CompactionPorts, 'store' | 'now'>,
  { window, closingTime }: Pick<CompactionSettings, 'window' | 'closingTime'>,
): Promise<HeldControl | undefined> {
  const held = await readControl(store, type);
  if (held) return held;
  const open = windowAt(now() - closingTime, window);
  const oldest = await oldestLanded(store, type);
  const first = oldest === undefined ? open : windowAt(startOf(oldest), window);
  return createControl(store, type, first < open ? first : open, now());
}

async function oldestLanded(store: CompactionPorts['store'], type: LogType): Promise<string | undefined> {
  for await (const { key } of store.list(layout.landed(type))) {
    if (arrivalHourIn(key) !== '') return arrivalHourIn(key);
  }
  return undefined;
}
