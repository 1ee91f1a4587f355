import type { Period } from './period.js';

/** From nothing to the highest: U+2581 to U+2588, eighths of a character's height. */
const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Counts as bars of one character each, the highest count as a full block. A count above 0 is seen however small it is
 * beside the highest, because one line can be what an alert is about.
 */
export function bars(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? ' ' : blocks[Math.ceil((count / most) * blocks.length) - 1])).join('');
}

/** Counts as one character each: a digit, `+` above 9, nothing for 0. */
export function digits(counts: readonly number[]): string {
  return counts.map((count) => (count === 0 ? ' ' : count > 9 ? '+' : String(count))).join('');
}

export interface Columns {
  /** ms since the epoch; a multiple of the width. */
  readonly start: number;
  /** Milliseconds. */
  readonly width: number;
  readonly count: number;
}

/** At most `most` columns of equal time that cover a period, of a length that people think in. */
export function columnsOf({ from, to }: Period, most: number): Columns {
  const startOf = (width: number) => Math.floor(from / width) * width;
  const countOf = (width: number) => Math.ceil((to - startOf(width)) / width);
  const days = Math.ceil((to - from) / DAY / (most - 1)) * DAY;
  const width = steps.find((step) => countOf(step) <= most) ?? days;
  return { start: startOf(width), width, count: countOf(width) };
}

/** The column that a time falls into; one outside belongs to the nearest. */
export function columnAt({ start, width, count }: Columns, time: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((time - start) / width)));
}

/**
 * The line below the columns: times of day (UTC), and the date where a day begins.
 *
 * @example
 * // ╵11-22   ╵03:00   ╵06:00   ╵09:00
 */
export function scale({ start, width, count }: Columns): string {
  const apart = steps.find((step) => step >= width * NEAREST_LABELS && step % width === 0) ?? width * NEAREST_LABELS;
  let text = '';
  for (let column = 0; column < count; column++) {
    const time = start + column * width;
    if (time % apart === 0) text = `${text.padEnd(column)}╵${labelOf(time)}`;
  }
  // The last label may stand out on the right.
  return text;
}

function labelOf(time: number): string {
  const iso = new Date(time).toISOString();
  return time % DAY === 0 ? iso.slice(5, 10) : iso.slice(11, 16);
}

/** Characters between the beginnings of two labels of five. */
const NEAREST_LABELS = 8;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const steps = [
  ...[1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7].map((days) => days * DAY),
];
