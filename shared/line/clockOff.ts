import type { EntryRow } from './schema/index.js';

/** Of a line whose own time can't be right: rules go by another one, and its row keeps its own. */
export interface ClockOff {
  /** The time of the row as it is stored, ms since the epoch. */
  readonly own: number;
  /** Its container's lines have been off by as much for some minutes, so that it is the clock. */
  readonly isSteady: boolean;
}

/** A row as rules see it: `ts` is the time that they go by. */
export type JudgedEntry = EntryRow & { clockOff?: ClockOff };
