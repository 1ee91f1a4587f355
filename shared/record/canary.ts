import type { LogEvent } from '../line/origin.js';
import { isObject, type JsonObject } from '../parse/json/object.js';
import { parseTime } from '../parse/values/time.js';
import { type RouterCounters, readCounters } from './routerCounters.js';

/** The container that infra/fluent-bit/extra.conf names in its canary: no container of a task, and an app can't print it. */
export const canaryService = 'firesplit-canary';

/** A numbered line of a log router (infra/fluent-bit/extra.conf), one a minute. */
export interface Canary {
  /** When the router started, in seconds since the epoch. Its numbers begin with 1. */
  readonly run: number;
  readonly number: number;
  /** When the router wrote it, ms since the epoch; undefined when it does not say. */
  readonly time: number | undefined;
  /** What the router has counted since it started, and since it was asked before; undefined where it could not be asked. */
  readonly now: RouterCounters | undefined;
  readonly since: RouterCounters | undefined;
}

/** The canary that an event is, if it is one. */
export function readCanary({ origin, log }: LogEvent): Canary | undefined {
  if (origin.service !== canaryService || !isObject(log)) return undefined;
  const { run, number } = log;
  if (typeof run !== 'number' || typeof number !== 'number') return undefined;
  const now = readCounters(log.now);
  // Empty until the router was asked for the first time.
  const before = log.before === '' ? { lines: 0, retries: 0, dropped: 0 } : readCounters(log.before);
  const since = now && before && { ...now, ...differences(now, before) };
  return { run, number, time: parseTime(log.time), now, since };
}

/**
 * The same event as its row says it: counters in columns of `fields`, and how late the line was.
 *
 * @param arrival at Firehose, ms since the epoch
 */
export function canaryEvent(event: LogEvent, { run, number, time, now, since }: Canary, arrival: number): LogEvent {
  const log: JsonObject = {
    ...(isObject(event.log) && event.log.time !== undefined ? { time: event.log.time } : {}),
    level: 'info',
    message: `canary ${number}`,
    run,
    number,
    ...(time === undefined ? {} : { lag_ms: arrival - time }),
    ...(now && { lines_total: now.lines, dropped_total: now.dropped }),
    ...(since && {
      lines: since.lines,
      dropped: since.dropped,
      retries: since.retries,
      paused: since.paused,
      chunks: since.chunks,
      disk_bytes: since.diskBytes,
    }),
  };
  return { ...event, log };
}

function differences(
  now: RouterCounters,
  before: Pick<RouterCounters, 'lines' | 'retries' | 'dropped'>,
): Pick<RouterCounters, 'lines' | 'retries' | 'dropped'> {
  return {
    lines: now.lines - before.lines,
    retries: now.retries - before.retries,
    dropped: now.dropped - before.dropped,
  };
}
