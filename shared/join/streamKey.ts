import type { Origin } from '../line/origin.js';

/**
 * Who wrote a line, on which stream, and what else its collector says of it: lines of which it says other things are no
 * parts of one entry, which has one row with one set of `fields`.
 */
export function streamKey({ columnsJson, extra }: Origin): string {
  return extra.length === 0 ? columnsJson : `${columnsJson} ${textOf(extra.filter(([key]) => !variesByLine(key)))}`;
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
