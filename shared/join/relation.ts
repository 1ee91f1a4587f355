import { joining } from '../bounds.js';
import { goCall } from '../parse/stackTrace.js';
import {
  hasTagsOf,
  isContinuation,
  isFrame,
  isFurtherPart,
  isReason,
  looksLikeEntry,
  startsAnother,
} from './continuation.js';
import type { Incoming } from './incoming.js';
import { isProblem, type OpenEntry } from './openEntry.js';
import { namesError, type Trace, traceAround, traceWith } from './trace.js';

/** What a line is to an entry: `perhaps` until the next lines tell. What `passes` leaves the entry open. */
export type Relation = 'continues' | 'perhaps' | 'passes' | 'other';

/** Whether an entry may go on behind the line, or in it: as much as costs little to tell. */
export function mayGoOn(open: OpenEntry, { text }: Incoming): boolean {
  const { trace, hasTrace, waiting, passed } = open;
  if (passed >= joining.maxPassing) return false;
  return trace !== undefined || hasTrace || waiting.length > 0 || /^\s/.test(text) || isProblem(open);
}

/** Takes down in the entry what the line says of those that may follow. */
export function relationOf(open: OpenEntry, line: Incoming): Relation {
  const { text } = line;
  const trace = open.trace && traceWith(open.trace, text);
  if (trace) {
    takeTrace(open, trace, text);
    return 'continues';
  }
  // Most lines of most programs: nothing else need be asked of them.
  if (startsAnother(open.head, text)) return isFurtherPart(text, open.event.log) ? 'continues' : 'other';
  if (isContinuation(text)) return relationOfContinuation(open, line);
  if (closing.test(text) && open.brackets > 0) return 'continues';
  if (isFurtherPart(text, open.event.log) || hasTagsOf(open.event.log, text)) return 'continues';
  return relationAtMargin(open, line);
}

function takeTrace(open: OpenEntry, trace: Trace, text: string): void {
  const isHead = trace.kind === 'javaUtilLogging';
  // Behind a head of two lines anything may come that may come behind one of one.
  open.trace = isHead && trace.isComplete ? undefined : trace;
  if (isHead) {
    open.head = text;
    open.isProblem = undefined;
  }
  open.namesError = trace.kind === 'python' && trace.isComplete;
}

/** A printed object ends at the margin: the `}` of Node.js below the properties of an error. */
const closing = /^[}\])]{1,10}[,;]?$/;

/** A frame shows that the lines which waited belong to the entry. A line that is merely indented may belong to the last of those. */
function relationOfContinuation(open: OpenEntry, { text, begun }: Incoming): Relation {
  if (open.namesError && isReason(text)) return 'continues';
  const isCall = isFrame(text);
  // Python has no frames behind the message.
  if (open.waiting.length > 0 && (!isCall || open.trace?.isComplete)) return 'other';
  const around = traceAround(text);
  if (around?.kind === 'python' && beginsTrace(open)) return 'other';
  open.trace = begun ?? open.trace ?? around;
  open.hasTrace ||= isCall;
  if (isCall) open.namesError = cause.test(text);
  return 'continues';
}

/** Python prints the place of a syntax error without a heading. */
function beginsTrace(open: OpenEntry): boolean {
  const { trace, hasTrace, isOrphan, lines } = open;
  return !trace && !hasTrace && !isOrphan && !lines.at(-1)?.endsWith(':') && !isProblem(open);
}

const cause = /^\s*(?:Caused by|Suppressed|Wrapped by): /;

/**
 * At the margin stand, below a line that says that something went wrong, the further lines of its message and the error that
 * its trace begins with. Below any other line they are entries of their own.
 */
function relationAtMargin(open: OpenEntry, { text, begun }: Incoming): Relation {
  const isThrown = begun?.isThrown || namesError.test(text);
  const mayBeMessage = open.namesError && !looksLikeEntry(text) && !(open.trace && (begun || isThrown));
  if (mayBeMessage) return hasRoomToWait(open) ? 'perhaps' : 'other';
  if (mayBeGoCall(open, text)) return 'perhaps';
  if (open.hasTrace || open.trace) return 'other';
  if (!isThrown && (begun || open.lines.length > 1 || looksLikeEntry(text))) return 'other';
  if (!isProblem(open)) return 'other';
  if (!isThrown) return hasRoomToWait(open) ? 'perhaps' : 'other';
  open.trace = begun;
  open.hasTrace = true;
  open.namesError = !begun;
  return 'continues';
}

/** Below what has calls already, or may have some: one call waits for its place, which proves it. */
function mayBeGoCall(open: OpenEntry, text: string): boolean {
  const { trace, hasTrace, waiting, lines, head } = open;
  if (waiting.length > 0 || text.includes(' ') || !goCall.test(text)) return false;
  if (trace || hasTrace) return trace?.kind === 'goCalls';
  return lines.length === 1 && (isProblem(open) || !looksLikeEntry(head));
}

function hasRoomToWait({ waiting }: OpenEntry): boolean {
  return waiting.length < joining.maxWaitingLines;
}
