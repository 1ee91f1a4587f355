import type { Origin } from '../line/origin.js';
import type { EntryRow } from '../line/schema/index.js';

/**
 * A quick way to read lines that look like earlier ones: the row is put together from pieces of the line's text, which
 * are neither unescaped nor parsed. It gives the very row that the full parse gives, or none. See README.md.
 */
export interface Lane {
  /**
   * @param text a binary string that holds the line from `start` to `end`, escaped as it stands in its FireLens record:
   * the record's next quote is at `end`
   * @param time when the collector read the line, ms since the epoch: that of a line that has no other
   * @returns undefined for a line that only the full parse reads right, among them each that may hold a secret
   */
  read(text: string, start: number, end: number, origin: Origin, time: number): LaneRow | undefined;
}

/** A lane that knows the look of lines from the full parse of earlier ones. */
export interface LearningLane extends Lane {
  /** Starts an invocation: what it may spend on learning is counted from here. */
  begin(): void;
  /**
   * Shows the lane a line that it did not read, and the row that the full parse made of it.
   */
  learn(text: string, start: number, end: number, origin: Origin, time: number, row: FullRow): void;
}

/** A lane of text. Whether a line has others joined to it is known at its end: it is asked for whole entries, without escapes. */
export interface EntryLane {
  /**
   * @param log the entry as its program wrote it
   * @param time when the collector read its first line, ms since the epoch: that of an entry that has no other
   * @returns undefined for an entry that only the full parse reads right, among them each that may hold a secret
   */
  read(log: string, origin: Origin, time: number): EntryLaneRow | undefined;
}

/** A row that the full parse made. */
export interface FullRow {
  /** Event time, ms since the epoch. */
  readonly ts: number;
  /** An open row (line/rowText.ts): a binary string. */
  readonly json: string;
}

/** A row that a lane made of a line. */
export type LaneRow = AccessLaneRow | EntryLaneRow;

export interface AccessLaneRow {
  readonly type: 'access';
  /** Event time, ms since the epoch. */
  readonly ts: number;
  /** An open row (line/rowText.ts): a binary string. */
  readonly json: string;
  /** What the row's column of that name holds; '' when it has none. */
  readonly status: string;
}

export interface EntryLaneRow {
  readonly type: 'app' | 'error';
  /** Event time, ms since the epoch. */
  readonly ts: number;
  /** An open row (line/rowText.ts): a binary string. */
  readonly json: string;
  /** The same row as rules see it. */
  readonly entry: EntryRow;
}
