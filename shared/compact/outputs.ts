import type { LogType } from '../line/schema/index.js';
import { fromJsonBytes, toJsonBytes } from '../text/jsonBytes.js';
import { layout } from './layout.js';
import type { ParkedObject } from './parked.js';
import type { CompactionStore } from './ports.js';

/**
 * What became of a manifest. It is written once, when all of its files are there, and decides: a file of rows or identities
 * of its number that is not named here is a leftover.
 */
export interface Outputs {
  readonly files: readonly string[];
  /** Rows written, and rows left out as duplicates. */
  readonly rows: number;
  readonly duplicates: number;
  /** Rows of nulls, whose lines are no JSON. */
  readonly unreadable: number;
  /** Bytes of the objects' lines, unpacked. */
  readonly unpacked: number;
  /** Objects that were gone, in a manifest that was given up: none of its objects is taken. Empty when the engine failed on it. */
  readonly gone?: readonly string[];
  /** Then the objects that it failed on. */
  readonly parked?: readonly ParkedObject[];
  /** Or how many objects the next manifests take at most. */
  readonly atMost?: number;
}

/** What is noted of a manifest that is given up: none of its objects is taken. */
export const givenUp = {
  files: [],
  rows: 0,
  duplicates: 0,
  unreadable: 0,
  unpacked: 0,
  gone: [],
} as const satisfies Outputs;

export async function readOutputs(
  store: CompactionStore,
  type: LogType,
  manifest: number,
): Promise<Outputs | undefined> {
  const found = await store.get(layout.outputs(type, manifest));
  return found && fromJsonBytes<Outputs>(found.body);
}

/** Unless somebody has decided already, which then holds. */
export async function createOutputs(
  store: CompactionStore,
  type: LogType,
  manifest: number,
  outputs: Outputs,
): Promise<void> {
  await store.create(layout.outputs(type, manifest), toJsonBytes(outputs));
}
