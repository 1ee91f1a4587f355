import type { Random } from './random.js';

/** A line as a container writes it. */
export interface LogLine {
  readonly service: string;
  readonly task: string;
  /** The revision of its task definition: `web:141` on quiet days. */
  readonly revision: string;
  /** When it is written, ms since the epoch. */
  readonly at: number;
  /**
   * Several lines of one container stand in one text, such as a stack trace. `{time}` is the time as text lines or access lines write it, `{iso}`
   * and `{ms}` as JSON lines do.
   */
  readonly text: string;
  /** How far the clock of its host is off, in milliseconds: ahead when positive. */
  readonly skew?: number;
  /** When its record reaches the stream, ms since the epoch; at once when absent. */
  readonly arrives?: number;
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export function lineOf(service: string, task: number, at: number, text: string): LogLine {
  return { service, task: `${service}-${task}`, revision: `${service}:141`, at, text };
}

/** `{id}`, `{n}`, `{uuid}` and `{ip}` differ from line to line. */
export function filled(text: string, random: Random): string {
  return text
    .replaceAll('{id}', () => String(100_000 + random.below(900_000)))
    .replaceAll('{n}', () => String(1 + random.below(500)))
    .replaceAll(
      '{uuid}',
      () => `${hex(8, random)}-${hex(4, random)}-4${hex(3, random)}-a${hex(3, random)}-${hex(12, random)}`,
    )
    .replaceAll('{ip}', () => `203.0.${random.below(110)}.${1 + random.below(250)}`);
}

function hex(length: number, random: Random): string {
  return Array.from({ length }, () => random.below(16).toString(16)).join('');
}
