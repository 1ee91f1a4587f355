import { logTypes } from '../line/schema/index.js';
import { windowsBehind } from './plan.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';
import { readOrBegin } from './prepare.js';

export interface Overview {
  /** Closed windows that are not yet Parquet, of the type that has most of them. */
  readonly windowsBehind: number;
  /** Objects of all types that can't become Parquet. */
  readonly parkedObjects: number;
}

/** How all types are. It is read from the control objects, so it tells of a type whose workers all fail as well. */
export async function overview(
  ports: Pick<CompactionPorts, 'store' | 'now'>,
  settings: CompactionSettings,
): Promise<Overview> {
  const now = ports.now();
  const held = await Promise.all(logTypes.map((type) => readOrBegin(type, ports, settings)));
  const controls = held.flatMap((each) => each?.control ?? []);
  return {
    windowsBehind: Math.max(...controls.map(({ boundary }) => windowsBehind(boundary, now, settings))),
    parkedObjects: controls.reduce((sum, { parked = [] }) => sum + parked.length, 0),
  };
}
