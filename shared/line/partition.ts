import { lateness } from '../limits.js';
import { type LogType, logTypes } from './schema/index.js';

/** Where a row is stored: the values of the Hive-style partition columns, all strings. */
export interface Partition {
  readonly type: LogType;
  /** `yyyy-MM-dd`, UTC. */
  readonly dt: string;
  /** `HH`, UTC. */
  readonly hour: string;
}

const HOUR = 3_600_000;

/**
 * The hour that decides a row's partition, as hours since the epoch: that of the event, unless the event's own
 * clock is more than 48 h behind or 1 h ahead of the arrival. A wrong clock must not open a partition of its own.
 */
export function partitionHour(eventTime: number, arrival: number): number {
  const age = arrival - eventTime;
  return Math.floor((age > lateness.past || age < -lateness.future ? arrival : eventTime) / HOUR);
}

export function partitionOf(type: LogType, hour: number): Partition {
  const iso = new Date(hour * HOUR).toISOString();
  return { type, dt: iso.slice(0, 10), hour: iso.slice(11, 13) };
}

/** `type=access/dt=2026-11-22/hour=16`: how a partition is written in S3 keys and in a put-back record's header. */
export function partitionPath({ type, dt, hour }: Partition): string {
  return `type=${type}/dt=${dt}/hour=${hour}`;
}

const path = new RegExp(String.raw`^type=(${logTypes.join('|')})/dt=(\d{4}-\d\d-\d\d)/hour=(\d\d)$`);

/** Reads what {@link partitionPath} wrote; undefined for anything else. */
export function parsePartitionPath(text: string): Partition | undefined {
  const [, type, dt, hour] = path.exec(text) ?? [];
  if (!type || !dt || !hour) return undefined;
  return { type: type as LogType, dt, hour };
}
