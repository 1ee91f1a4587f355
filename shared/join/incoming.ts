import { joining } from '../bounds.js';
import { joinedPlace } from '../line/place.js';
import type { PlacedEvent } from '../line/placedEvent.js';
import { undress, unwrap } from '../text/lineDress.js';
import { type Trace, traceBegunBy } from './trace.js';

/** A line of text on its way into an entry. */
export interface TextLine extends PlacedEvent {
  readonly log: string;
}

/** A line, and what is asked of it more than once. */
export interface Incoming {
  readonly event: TextLine;
  readonly arrival: number;
  /** What the program printed, without what its runtime or a terminal put around it. Lines are joined as they came. */
  readonly text: string;
  /** What that said of who wrote the line: the stream within `2026-… stderr F …`, the container within `web-1  | …`. */
  readonly wrapper: string;
  /** The runtime cut it, and says so. */
  readonly isCut: boolean;
  readonly begun: Trace | undefined;
}

export function incoming(event: TextLine, arrival: number): Incoming {
  const line = undress(event.log);
  const wrapped = unwrap(line);
  const text = wrapped?.line ?? line;
  return {
    event,
    arrival,
    text,
    wrapper: wrapped?.fields[0]?.[1] ?? '',
    isCut: event.isCut ?? wrapped?.fields[1]?.[0] === 'logtag',
    begun: traceBegunBy(text),
  };
}

/** The lines of an entry are read within a moment of each other. */
export function isApart(latest: number | undefined, { time }: TextLine): boolean {
  return latest !== undefined && time !== undefined && Math.abs(time - latest) > joining.maxGap;
}

export function goesOnIn({ event, text }: Incoming, line: Incoming): boolean {
  const isLate = isApart(event.time, line.event);
  return !isLate && text.length + line.text.length <= joining.maxCharacters;
}

/** What stands before the last part is that of a whole line, or says that this one is cut too. */
export function continued({ event: { isCut: _, ...event }, arrival, text }: Incoming, line: Incoming): Incoming {
  const rest = undress(line.event.log);
  const head = rest.slice(0, rest.length - line.text.length);
  const place = joinedPlace([event.place, line.event.place]);
  const joined = { ...event, log: head + text + line.text, place };
  return incoming(line.event.isCut ? { ...joined, isCut: true } : joined, arrival);
}
