import { arrivedHour } from '../line/partition.js';

/**
 * Arrival hours as Firehose writes them into keys, `2026-11-28-18`, UTC. As texts they sort by time. A window is named by
 * its first hour, and so is the boundary: the first window that is not yet Parquet.
 */
export type ArrivalHour = string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The time at which it begins, ms since the epoch. */
export function startOf(hour: ArrivalHour): number {
  return Date.parse(`${hour.slice(0, 10)}T${hour.slice(11)}:00:00Z`);
}

/** `2026-11-28`: no window reaches over midnight. */
export function dayOf(hour: ArrivalHour): string {
  return hour.slice(0, 10);
}

/** The length of a window: hours, or days for small streams. */
export type WindowLength = 'hour' | 'day';

/** The window that a time falls into. */
export function windowAt(time: number, length: WindowLength): ArrivalHour {
  return arrivedHour(time - (time % lengthOf(length)));
}

/** The window that follows. One that began within a day ends with it: the length may have been changed. */
export function windowAfter(window: ArrivalHour, length: WindowLength): ArrivalHour {
  const next = startOf(window) + lengthOf(length);
  return arrivedHour(next - (next % lengthOf(length)));
}

/** Milliseconds. */
export function lengthOf(length: WindowLength): number {
  return length === 'day' ? DAY : HOUR;
}

/** `2026-11-28`, a number of days before or after another. */
export function dayBeside(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The hour that starts a row's `record`: whole hours since the epoch, 5 hexadecimal digits. */
export function recordHourOf(time: number): string {
  return Math.floor(time / HOUR)
    .toString(16)
    .padStart(5, '0');
}
