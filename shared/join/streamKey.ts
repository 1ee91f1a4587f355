import type { Origin } from '../line/origin.js';

/**
 * Who wrote a line, on which stream, and what else its collector says of it: lines of which it says other things are no
 * parts of one entry, which has one row with one set of `fields`.
 */
export function streamKey({ columnsJson, extra }: Origin): string {
  if (extra.length === 0) return columnsJson;
  // Docker's log driver sends what it says of a line in an order that changes from line to line: that of a map of Go.
  const said = extra.filter(([key]) => !variesByLine(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${columnsJson} ${textOf(said)}`;
}

/** What differs between the lines of one entry: their times, places and numbers. */
export function variesByLine(key: string): boolean {
  return ofLine.test(key);
}

const ofLine =
  /^partial_|^(?:event_id|logtag)$|(?:^|[._@-])(?:time|date|timestamp|ts|offset|sequence|seq|seqno|line_number)$/i;

function textOf(extra: Origin['extra']): string {
  try {
    return JSON.stringify(extra);
  } catch {
    // Nested deeper than the engine's stack.
    return JSON.stringify(extra.filter(([, value]) => typeof value === 'string'));
  }
}
