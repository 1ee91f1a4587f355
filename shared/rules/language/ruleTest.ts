import type { LogType } from '../../line/schema/index.js';
import { milliseconds } from '../../text/statedDuration.js';
import { withMeant } from '../../where/aliases.js';

type Scalar = string | number | boolean;

/** When the tests of rules begin: a Monday morning. */
export const testStart = Date.UTC(2026, 0, 5, 9);

/** A test of the rule it stands in: given these lines, people are told exactly this. */
export interface RuleTest {
  readonly name: string;
  /** Where it is written. */
  readonly path: string;
  readonly line: number;
  readonly given: readonly GivenLines[];
  /** In the order of their times. Nobody is told anything when empty. */
  readonly expect: readonly ExpectedAlert[];
}

/** Equal lines; times are milliseconds after {@link testStart}. */
export type GivenLines = {
  readonly at: number;
  readonly repeat: number;
  /** From one to the next; all at once when 0. */
  readonly every: number;
  /** When all of them reach the rules; each when it happens if undefined. */
  readonly arrives?: number;
} /** One line after the other as its container wrote them, with its origin. */ & (
  | ({ readonly kind: 'line'; readonly line: string; readonly service: string } & StatedOrigin)
  | { readonly kind: 'row'; readonly type: LogType; readonly columns: Readonly<Record<string, Scalar>> }
);

interface StatedOrigin {
  readonly source?: string;
  readonly task?: string;
  readonly cluster?: string;
  readonly task_definition?: string;
}

/** What is not stated does not matter. */
export interface ExpectedAlert {
  /** When it is told, in milliseconds after {@link testStart}. */
  readonly at: number;
  readonly kind: 'firing' | 'resolved';
  readonly key?: string;
  readonly count?: number;
  readonly suppressed?: number;
  /** How far behind its time the first of the late lines came, in milliseconds, to the second. */
  readonly behind?: number;
  /** A part of the headline. */
  readonly title?: string;
}

/** A test as a rule file states it. */
export interface StatedTest {
  readonly name: string;
  readonly given: readonly StatedLines[];
  readonly expect: readonly StatedAlert[];
}

interface StatedLines {
  readonly at: string;
  readonly repeat?: number;
  readonly every?: string;
  readonly arrives?: string;
  readonly line?: string;
  readonly type?: LogType;
  readonly [column: string]: Scalar | undefined;
}

interface StatedAlert extends Omit<ExpectedAlert, 'at' | 'kind' | 'behind'> {
  readonly at: string;
  readonly behind?: string;
  readonly kind?: 'firing' | 'resolved';
}

/** @param type the table of lines that don't name theirs. */
export function readTest(
  { name, given, expect }: StatedTest,
  type: LogType,
  { path, line }: { readonly path: string; readonly line: number },
): RuleTest {
  return {
    name,
    path,
    line,
    given: given.map((lines) => readLines(lines, type)),
    expect: expect
      .map(({ at, kind = 'firing', behind, ...alert }) => ({
        ...{ at: milliseconds(at), kind, ...alert },
        ...(behind === undefined ? {} : { behind: milliseconds(behind) }),
      }))
      .sort((a, b) => a.at - b.at),
  };
}

function readLines(
  { at, repeat = 1, every = '0s', arrives, ...others }: StatedLines,
  defaultType: LogType,
): GivenLines {
  const arrival = arrives === undefined ? {} : { arrives: milliseconds(arrives) };
  const times = { at: milliseconds(at), repeat, every: milliseconds(every), ...arrival };
  const { line, type = defaultType, ...columns } = others as { line?: string; type?: LogType } & Record<string, Scalar>;
  if (line === undefined) return { ...times, kind: 'row', type, columns: withMeant(columns) };
  const { service = '', ...origin } = columns;
  const stated: StatedOrigin = Object.fromEntries(Object.entries(origin).map(([name, value]) => [name, String(value)]));
  return { ...times, kind: 'line', line, service: String(service), ...stated };
}
