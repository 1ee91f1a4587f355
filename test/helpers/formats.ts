import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TextFormat } from '../../shared/parse/format.js';
import { type Parsed, parseLine } from '../../shared/parse/index.js';
import { isLinear } from './linear.js';

export interface Expected {
  readonly type: Parsed['type'];
  /** ISO 8601; left out when the line names no zone. */
  readonly time?: string;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Each line is read by this format, whatever stands before it in the order, and becomes these columns and fields. */
export function itReads(format: TextFormat, cases: readonly (readonly [line: string, expected: Expected])[]): void {
  it.each(cases)(`${format.name} reads %j`, (line, { type, time, columns, fields = {} }) => {
    const parsed = parseLine(line);
    expect(parsed).toEqual(format.parse(line));
    const ms = time === undefined ? undefined : Date.parse(time);
    expect({ ...parsed, fields: Object.fromEntries(parsed.fields) }).toEqual({ type, time: ms, columns, fields });
  });
}

/** A format takes time in proportion to the line, whatever repeats in it. */
export function itIsLinear(format: TextFormat, starts: readonly string[]): void {
  it(`${format.name} is linear on hostile lines`, () => {
    for (const start of ['', ...starts]) {
      for (const piece of hostile) {
        const linear = isLinear((times) => format.parse(start + piece.repeat(times)), 100_000);
        expect({ start, piece, linear }).toEqual({ start, piece, linear: true });
      }
    }
  });
}

const hostile = [
  'a',
  ' ',
  '\n',
  '\t',
  '1',
  ':',
  '"',
  '\\',
  '[',
  ']',
  '[a] ',
  ' {"',
  'a.',
  'A::',
  'a=b ',
  ' a="',
  '(A',
  'Error',
  ' - ',
  '\n  File "',
  '\n\tat ',
  '\n#0 ',
  'x:1:in ',
  'a{}:',
  '-unix:n',
  '0,"',
  '\n => ',
  '=> ',
  '1 [',
  '#',
];

/** Any instant a log may name, to the millisecond. */
export const instants = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) });
/** A message of one line that no format takes for something else. */
export const messages = fc.stringMatching(/^[a-z][ -~]{0,40}[a-z.]$/);
export const loggers = fc.stringMatching(/^[a-z]{1,8}(\.[A-Za-z]{1,8}){1,3}$/);
export const pids = fc.integer({ min: 1, max: 4_194_304 });

/** `2026-11-22T16:41:02.123Z`, and without a zone `2026-11-22 16:41:02.123`. */
export const iso = (ms: number) => new Date(ms).toISOString();
export const zoneless = (ms: number) => iso(ms).replace('T', ' ').slice(0, -1);
