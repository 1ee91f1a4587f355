import { compaction } from '../bounds.js';
import type { LogType } from '../line/schema/index.js';
import { changeControl, type HeldControl } from './control.js';
import { windowsBehind } from './plan.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';
import { readOrBegin } from './prepare.js';
import { step } from './step.js';
import { showBoundary } from './view.js';

export interface Worker {
  /** Names it among others. */
  readonly id: string;
  /** When it is ended at the latest, ms since the epoch. */
  readonly until: number;
}

export interface Compacted {
  /** `more`: time ran out. `busy`: another worker is at it. */
  readonly result: 'done' | 'more' | 'busy';
  readonly manifests: number;
  readonly rows: number;
  readonly duplicates: number;
  /** Rows of nulls, whose lines are no JSON. */
  readonly unreadable: number;
  /** Windows that are closed and not yet Parquet. */
  readonly windowsBehind: number;
}

/**
 * Does what there is to do for a type, step by step, as long as there is time.
 *
 * @throws what the ports throw, and when a manifest can't be run: what is to be done is noted, and another worker goes on
 */
export async function compactType(
  type: LogType,
  worker: Worker,
  ports: CompactionPorts,
  settings: CompactionSettings,
): Promise<Compacted> {
  const total = { manifests: 0, rows: 0, duplicates: 0, unreadable: 0 };
  const taken = await take(type, worker, ports, settings);
  if (!taken) return { result: 'busy', ...total, windowsBehind: 0 };
  let held = taken;
  const report = (result: Compacted['result']): Compacted => ({
    result,
    ...total,
    windowsBehind: windowsBehind(held.control.boundary, ports.now(), settings),
  });
  try {
    await showBoundary(type, ports, settings);
    while (ports.now() + compaction.manifestTime < worker.until) {
      const each = await step(type, held, ports, settings);
      if (each.result === 'idle') return report('done');
      if (each.result === 'overtaken') return report('busy');
      held = each.held;
      if (each.result === 'failed') throw new Error(each.reason);
      if (each.done) {
        total.manifests++;
        total.rows += each.done.rows;
        total.duplicates += each.done.duplicates;
        total.unreadable += each.done.unreadable;
      }
    }
    return report('more');
  } finally {
    // If this fails, the next worker waits until the time of this one is over.
    await changeControl(ports.store, type, held, { worker: undefined }).catch(() => undefined);
  }
}

/** @returns undefined when another worker has it */
async function take(
  type: LogType,
  worker: Worker,
  { store, now }: CompactionPorts,
  settings: CompactionSettings,
): Promise<HeldControl | undefined> {
  const held = await readOrBegin(type, { store, now }, settings);
  if (!held) return undefined;
  const other = held.control.worker;
  if (other && other.id !== worker.id && other.until > now()) return undefined;
  return changeControl(store, type, held, { worker });
}
