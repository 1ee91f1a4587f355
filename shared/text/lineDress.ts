import { stripColours } from './colours.js';

/**
 * A line without what terminals, editors and Windows put around it: colours, a byte order mark, line breaks at its end.
 * Spaces stay: at the start they tell the frames of a stack trace, and a text may be meant to have them.
 */
export function undress(text: string): string {
  const line = stripColours(text);
  const start = line.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  let end = line.length;
  while (end > start && isBreak(line.charCodeAt(end - 1))) end--;
  return start === 0 && end === line.length ? line : line.slice(start, end);
}

function isBreak(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = 0xfeff;

/** A line in what a container runtime or a process manager wrote before it. */
export interface Wrapped {
  readonly line: string;
  /** When the runtime read the line, with its zone. */
  readonly time?: string;
  /** What the wrapper says else, as `fields` name it. */
  readonly fields: readonly (readonly [key: string, value: string])[];
}

/**
 * The line within `2026-11-22T16:41:02.123456789Z stdout F …` of containerd and CRI-O, or `web-1  | …` of Docker Compose
 * (`0|web  | …` of PM2, `16:41:02 web.1 | …` of foreman); undefined for a line without such a start. Of a joined entry, each line is unwrapped.
 *
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export function unwrap(line: string): Wrapped | undefined {
  const first = line.charCodeAt(0);
  const isDigit = first >= ZERO && first <= ZERO + 9;
  if (isDigit && line[10] === 'T') return unwrapCri(line);
  if (isDigit && line[2] === ':' && line[8] === ' ') return unwrapTimed(line);
  if (!isDigit && !(first >= LOWER_A && first <= LOWER_A + 25)) return undefined;
  let at = line.indexOf(' ');
  if (at < 0 || at > LONGEST_NAME) return undefined;
  while (line.charCodeAt(at) === SPACE) at++;
  return line[at] === '|' ? unwrapNamed(line) : undefined;
}

function unwrapCri(line: string): Wrapped | undefined {
  if (!line.startsWith('std', line.indexOf(' ') + 1)) return undefined;
  const [head, time, stream = '', tag] = cri.exec(line) ?? [];
  if (head === undefined || time === undefined) return undefined;
  const fields: [string, string][] = [['stream', stream]];
  // The runtime cut the line, and its end follows in another.
  if (tag === 'P') fields.push(['logtag', tag]);
  return { line: line.slice(head.length).replace(furtherCri, '\n'), time, fields };
}

/** foreman's and honcho's `16:41:02 web.1  | …`. */
function unwrapTimed(line: string): Wrapped | undefined {
  const [head, clock, container] = timed.exec(line) ?? [];
  if (head === undefined || clock === undefined || container === undefined) return undefined;
  return {
    line: line.slice(head.length),
    fields: [
      ['container', container],
      ['clock', clock],
    ],
  };
}

function unwrapNamed(line: string): Wrapped | undefined {
  const [head, container] = named.exec(line) ?? [];
  if (head === undefined || container === undefined) return undefined;
  return { line: line.slice(head.length).replaceAll(`\n${head}`, '\n'), fields: [['container', container]] };
}

const ZERO = 48;
const LOWER_A = 97;
const SPACE = 32;
/** Of Docker's container names. */
const LONGEST_NAME = 70;
const cri =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::[\w:]{1,20})?(?: |$)/;
const furtherCri = new RegExp(cri.source.replace('^', '\\n').replace('(?: |$)', ' '), 'g');
const timed = /^(\d\d:\d\d:\d\d) ([a-z][\w-]{0,40}\.\d{1,4}) {1,40}\| /;
/** Layouts with bars start with a time or a level, which are no container's name. */
const named =
  /^(?:\d{1,4}\|)?(?!(?:trace|debug|info|notice|warn|warning|error|crit|critical|fatal) )([a-z][\w.-]{0,62}) {1,60}\| /;
