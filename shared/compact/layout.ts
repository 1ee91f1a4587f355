import type { LogType } from '../line/schema/index.js';
import { otherDays } from './engine.js';
import type { ArrivalHour } from './windows.js';

/**
 * Where everything is kept. What a manifest's worker writes is named after the manifest alone, so that a worker that is
 * started again, or that was believed dead, writes the same objects.
 *
 *     logs/type=access/arrived=2026-11-28-18/….json.gz               landed
 *     parquet/type=access/dt=2026-11-28/2026-11-28-18-00000042.parquet
 *     parquet/type=access/other/2026-11-28-18-00000042.parquet       rows of days that have no partition
 *     compact/control/type=access.json                               how far compaction is
 *     compact/manifests/type=access/00000042.json                    what belongs together
 *     compact/outputs/type=access/00000042.json                      what was made of it
 *     compact/index/type=access/hour=7a2f1/00000042.parquet          identities, by the collectors' hour
 */
export const layout = {
  landed: (type: LogType) => `logs/type=${type}/arrived=`,
  parquet: (type: LogType) => `parquet/type=${type}/`,
  parquetFile: (type: LogType, day: string, window: ArrivalHour, manifest: number) =>
    `parquet/type=${type}/${day === otherDays ? day : `dt=${day}`}/${window}-${digits(manifest)}.parquet`,
  control: (type: LogType) => `compact/control/type=${type}.json`,
  manifest: (type: LogType, manifest: number) => `compact/manifests/type=${type}/${digits(manifest)}.json`,
  outputs: (type: LogType, manifest: number) => `compact/outputs/type=${type}/${digits(manifest)}.json`,
  indexes: (type: LogType) => `compact/index/type=${type}/`,
  index: (type: LogType, index: string) => `compact/index/type=${type}/hour=${index}/`,
  /** Of a shared index and of all hours that it has. */
  indexesOf: (type: LogType, shared: string) => `compact/index/type=${type}/hour=${shared}`,
  indexFile: (type: LogType, index: string, manifest: number) =>
    `compact/index/type=${type}/hour=${index}/${digits(manifest)}.parquet`,
} as const;

/** The manifest that a file of rows or identities came from. */
export function manifestOf(key: string): number {
  return Number(/(\d+)\.parquet$/.exec(key)?.[1]);
}

/** The window in the key of a file of rows, and '' for a key that has none. What arrived in hour 16 is in files of window 16, or of 00 where a window is a day. */
export function windowIn(key: string): ArrivalHour {
  return /\/(\d{4}-\d\d-\d\d-\d\d)-\d+\.parquet$/.exec(key)?.[1] ?? '';
}

/** The arrival hour in a landed object's key, and '' for a key that has none. */
export function arrivalHourIn(key: string): ArrivalHour {
  return /\/arrived=(\d{4}-\d\d-\d\d-\d\d)\/[^/]+$/.exec(key)?.[1] ?? '';
}

/** Enough for 11 years of a manifest every four seconds; a longer number sorts wrong and is right all the same. */
function digits(manifest: number): string {
  return String(manifest).padStart(8, '0');
}
