/** Where a line came from: with the number of its lines, and of its part where it was cut, what identifies a row. */
export interface Place {
  /** The name of its record (record/recordName.ts). */
  readonly record: string;
  /** Its number there, from 1, in the order read; of several lines that of the first. */
  readonly line: number;
  /** How many lines of the log it is joined from, mostly 1. */
  readonly lines: number;
}

/** The place of lines that are joined: that of the first. */
export function joinedPlace(places: readonly [Place, ...Place[]]): Place {
  return { ...places[0], lines: places.reduce((sum, { lines }) => sum + lines, 0) };
}
