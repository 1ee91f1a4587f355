import type { RuleFailure, Signal } from '../../shared/signals/signal.js';

/** What the rules match in one slot of event time: as much as an invocation of the transform would have told. */
export interface Slot {
  /** Its end, ms since the epoch. */
  readonly at: number;
  readonly signals: readonly Signal[];
  readonly failures: readonly RuleFailure[];
}

/** How much has been read. */
export interface Progress {
  rows: number;
  /** As stored. */
  bytes: number;
  /** Lines that are no rows. */
  unreadable: number;
  /** Hours of arrival that are done with. */
  hours: number;
}
