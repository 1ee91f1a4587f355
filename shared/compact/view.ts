import type { LogType } from '../line/schema/index.js';
import { readControl } from './control.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';

/**
 * Makes a type's view what it should be: today's columns, and the control object's boundary. The view is read first and
 * changed only if it is still the same, so that no boundary replaces a later one.
 */
export async function showBoundary(
  type: LogType,
  { catalog, store }: Pick<CompactionPorts, 'catalog' | 'store'>,
  { view }: Pick<CompactionSettings, 'view'>,
): Promise<void> {
  const shown = await catalog.read(type);
  const held = await readControl(store, type);
  if (!held) return;
  const definition = view(type, held.control.boundary);
  // Whoever was faster has read the control object as well; what it wrote is looked at again by the next run.
  if (shown?.definition !== definition) await catalog.write(type, definition, shown?.version);
}
