import type { Severity } from '../../../shared/conditions/ruleSettings.js';
import { filled, type LogLine, lineOf, minuteMs } from '../lines.js';
import { type Random, randomFrom } from '../random.js';

/** Something that happens to the services, and what people must be told of it. */
export interface Incident {
  readonly name: string;
  /** What each of its minutes becomes, from the lines of a quiet one. */
  readonly change: (minute: Minute) => readonly LogLine[];
  /** When it begins on the third day, UTC; 11:20 when absent. */
  readonly from?: `${number}:${number}`;
  /** Minutes; 30 when absent. */
  readonly lasts?: number;
  /** Nobody must hear of it above `info` when absent. */
  readonly tell?: Told;
  /** Messages at most, from its beginning until three quarters of an hour after its end: those that it is over, too. */
  readonly most: number;
}

/** What must be told. */
interface Told {
  /** One of these alerts: rule and key, or its title. */
  readonly alert: RegExp;
  /** At least. */
  readonly severity: Severity;
  /** Minutes from the beginning of the incident to the first message. */
  readonly within: number;
}

/** A minute of an incident. */
export interface Minute {
  /** The lines that it would have had. */
  readonly quiet: readonly LogLine[];
  /** Counted from the beginning, which is 0. */
  readonly number: number;
  /** When it begins, ms since the epoch. */
  readonly at: number;
  readonly random: Random;
}

export function minuteOf(quiet: readonly LogLine[], number: number, at: number): Minute {
  return { quiet, number, at, random: randomFrom(at / minuteMs + 7) };
}

/** So many lines of one task, spread over the minute. */
export function lines(minute: Minute, count: number, service: string, text: string, task = 0): LogLine[] {
  const { at, random } = minute;
  return Array.from({ length: count }, (_, index) =>
    lineOf(service, task, at + Math.floor(((index + 0.5) * minuteMs) / count), filled(text, random)),
  );
}

/** A text in the first minute alone. */
export function once(service: string, text: string) {
  return (minute: Minute) => [...minute.quiet, ...(minute.number === 0 ? lines(minute, 1, service, text) : [])];
}

/** Answers requests of `web` with another status: those for which `fails` holds. */
export function failing(quiet: readonly LogLine[], fails: (line: LogLine) => boolean, status = 502): LogLine[] {
  return quiet.map((line) =>
    line.service === 'web' && fails(line) ? { ...line, text: line.text.replace(/" \d{3} /, `" ${status} `) } : line,
  );
}
