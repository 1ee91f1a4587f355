import { backslashesBefore, closingQuote } from '../../text/quotes.js';
import { literally, type Shape } from './shape.js';
import { type Escaping, LogFormatError, type Piece, type Value, valuesOf } from './value.js';

/** Takes a line apart: the text of each value in the order of the format, escapes as they are; undefined for another line. */
export type LayoutReader = (line: string) => readonly string[] | undefined;

/**
 * Compiles a format to a reader that goes through a line once, from left to right. A run ends at the first place where all
 * that follows it up to the next run stands, so a format with unquoted texts is read as well as it can be.
 *
 * @throws LogFormatError when nothing tells where a value ends.
 */
export function compileLayout(given: readonly Piece[], escaping: Escaping): LayoutReader {
  const pieces = trimmed(given);
  const steps = pieces.map((piece, at) => toStep(pieces, piece, at, escaping));
  const count = valuesOf(pieces).length;
  return (text) => {
    const line = text.trimEnd();
    const values: string[] = [];
    let at = readFixed(steps, 0, line, 0, values);
    while (at && at.step < steps.length) {
      const run = steps[at.step];
      at = run?.kind === 'run' ? readRun(run, steps, at.step, line, at.end, values) : undefined;
    }
    return at?.end === line.length && values.length === count ? values : undefined;
  };
}

type Step =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'fixed'; readonly pattern: RegExp }
  | {
      readonly kind: 'run';
      readonly limit: (line: string, start: number) => number;
      readonly mayBeBracketed?: boolean | undefined;
      /** Whether a quote with a backslash before it is a part of the value. */
      readonly escapesQuotes: boolean;
    };

interface Place {
  readonly step: number;
  readonly end: number;
}

/** Lines lose the spaces at their end on the way. */
function trimmed(pieces: readonly Piece[]): readonly Piece[] {
  const last = pieces.at(-1);
  return typeof last === 'string' ? [...pieces.slice(0, -1), ...(last.trim() === '' ? [] : [last.trimEnd()])] : pieces;
}

function toStep(pieces: readonly Piece[], piece: Piece, at: number, escaping: Escaping): Step {
  if (typeof piece === 'string') return { kind: 'literal', text: piece };
  const [before, after] = [pieces[at - 1], pieces[at + 1]];
  if (typeof after === 'object') refuseUnclear(piece, after);
  const isQuoted = typeof before === 'string' && before.endsWith('"') && typeof after === 'string' && after[0] === '"';
  const { shape } = piece;
  const { escapesQuotes } = escaping;
  if (isQuoted && escapesQuotes) return { kind: 'run', limit: untilQuote, escapesQuotes };
  if (shape.kind === 'run') {
    return {
      ...{ kind: 'run', mayBeBracketed: shape.mayBeBracketed, escapesQuotes },
      limit: limitOf(shape, typeof after === 'object', escaping),
    };
  }
  const absent = escaping.mayBeEmpty ? '|-|' : '|-';
  return { kind: 'fixed', pattern: new RegExp(`(?:${shape.source}${absent})${lookahead(after)}`, 'y') };
}

/** @throws LogFormatError when the first value may go on with what the second may start with. */
function refuseUnclear(first: Value, second: Value): void {
  const more = first.shape.kind === 'fixed' ? (first.shape.more ?? '') : (first.shape.abutting ?? everything);
  if (more !== '' && overlap(more, firstOf(second.shape))) {
    throw new LogFormatError(
      `nothing stands between ${first.name} and ${second.name}, so that no one can tell where the first of them ends; put a character between them, such as a space, here and in the configuration of the server`,
    );
  }
}

const everything = '\\x00-\\x7f';

function firstOf(shape: Shape): string {
  return shape.first ?? (shape.kind === 'run' ? shape.holds : undefined) ?? everything;
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [new RegExp(`[${one}]`), new RegExp(`[${other}]`)];
  return ascii.some((character) => a.test(character) && b.test(character));
}

const ascii = Array.from({ length: 95 }, (_, code) => String.fromCharCode(code + 32));

/** A list may hold the characters that come after it; the whole text that does decides. */
function lookahead(after: Piece | undefined): string {
  if (after === undefined) return '$';
  if (typeof after !== 'string') return '';
  const bare = after.trimEnd();
  const spaces = after.slice(bare.length);
  return spaces === '' ? `(?=${literally(bare)})` : `(?=${literally(bare)}(?:${literally(spaces)}|$))`;
}

function limitOf(shape: Shape & { kind: 'run' }, abuts: boolean, { escapesQuotes }: Escaping) {
  const holds = abuts ? shape.abutting : shape.holds;
  if (holds === undefined) return escapesQuotes ? untilStrayQuote : untilEnd;
  const pattern = new RegExp(`[${escapesQuotes ? holds : holds.replace('"', '')}]*`, 'y');
  return (line: string, start: number) => {
    pattern.lastIndex = start;
    return start + (pattern.exec(line)?.[0].length ?? 0);
  };
}

function untilQuote(line: string, start: number): number {
  const quote = closingQuote(line, start);
  return quote < 0 ? line.length : quote;
}

/** Apache writes a user without a name as `""`. */
function untilStrayQuote(line: string, start: number): number {
  return untilQuote(line, line.startsWith('""', start) ? start + 2 : start);
}

function untilEnd(line: string): number {
  return line.length;
}

/** Reads all up to the next run; undefined when something else stands there. The values are put behind those that are given. */
function readFixed(
  steps: readonly Step[],
  first: number,
  line: string,
  start: number,
  values: string[],
): Place | undefined {
  let end = start;
  for (let at = first; at < steps.length; at++) {
    const step = steps[at];
    if (step === undefined || step.kind === 'run') return { step: at, end };
    if (step.kind === 'literal') {
      if (line.startsWith(step.text, end)) end += step.text.length;
      // The spaces before a value that is empty were at the line's end.
      else if (end + step.text.trimEnd().length === line.length && line.startsWith(step.text.trimEnd(), end)) {
        end = line.length;
      } else return undefined;
    } else {
      step.pattern.lastIndex = end;
      const text = step.pattern.exec(line)?.[0];
      if (text === undefined) return undefined;
      values.push(text);
      end += text.length;
    }
  }
  return end === line.length ? { step: steps.length, end } : undefined;
}

function readRun(
  run: Step & { kind: 'run' },
  steps: readonly Step[],
  at: number,
  line: string,
  start: number,
  values: string[],
): Place | undefined {
  const limit = run.limit(line, start);
  const next = steps[at + 1];
  const known = values.length;
  const endAt = (end: number) => {
    values.length = known;
    values.push(line.slice(start, end));
    return readFixed(steps, at + 1, line, end, values);
  };
  if (next?.kind !== 'literal') return endAt(limit);
  const from = run.mayBeBracketed && line[start] === '[' ? Math.max(line.indexOf(']', start), start) : start;
  for (let end = line.indexOf(next.text, from); end >= 0 && end <= limit; end = line.indexOf(next.text, end + 1)) {
    if (run.escapesQuotes && line[end] === '"' && backslashesBefore(line, end) % 2 === 1) continue;
    const place = endAt(end);
    if (place) return place;
  }
  const bare = next.text.trimEnd();
  const last = line.length - bare.length;
  return bare !== next.text && last >= start && last <= limit && line.endsWith(bare) ? endAt(last) : undefined;
}
