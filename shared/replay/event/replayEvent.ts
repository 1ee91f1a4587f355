import type { Alerts } from '../../record/label.js';

/** Where the records come from: what Firehose could not deliver, what it kept of everything, or any objects of lines. */
export type Source = 'failed' | 'backup' | 'import';

/** What to put back, and how. Times are ms since the epoch, the end is excluded. */
export interface Wanted {
  readonly source: Source;
  /** Objects whose keys begin with this; `s3://bucket/prefix` for another bucket. */
  readonly prefix?: string | undefined;
  readonly keys?: readonly string[] | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only records that failed with this code. */
  readonly errorCode?: string | undefined;
  /** At most so many objects. */
  readonly limit?: number | undefined;
  readonly alerts: Alerts;
  /** Also objects that were put back before. */
  readonly again: boolean;
}

/** An event of the console that can be carried out. */
export type ReplayEvent =
  | { readonly ask: 'survey' | 'start'; readonly wanted: Wanted }
  | { readonly ask: 'status' | 'cancel'; readonly id: string };

/** The event as somebody would write it, with what is said and nothing else. */
export function statedEvent(wanted: Wanted, dryRun: boolean): StatedEvent {
  const { source, prefix, keys, from, to, errorCode, limit, alerts, again } = wanted;
  return {
    source,
    ...(prefix === undefined ? {} : { prefix }),
    ...(keys === undefined ? {} : { keys }),
    ...(from === undefined ? {} : { from: timeText(from) }),
    ...(to === undefined ? {} : { to: timeText(to) }),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(limit === undefined ? {} : { limit }),
    ...(again ? { again } : {}),
    alerts,
    dryRun,
  };
}

export type StatedEvent = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** To the second where that says it all. */
function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.000Z$/, 'Z');
}
