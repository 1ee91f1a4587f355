import type { Wanted } from './event/replayEvent.js';
import type { SourceRecord } from './records/sourceRecord.js';

/** Why a record is none of those that were asked for; undefined when it is one. */
export function unwantedReason({ errorCode, arrival }: SourceRecord, wanted: Wanted): string | undefined {
  if (wanted.errorCode !== undefined && errorCode !== wanted.errorCode) return 'it failed with another code';
  // Other sources are filed by time object by object: which were listed has decided.
  if (wanted.source !== 'failed' || arrival === undefined) return undefined;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = wanted;
  return arrival < from || arrival >= to ? 'it arrived at another time' : undefined;
}
