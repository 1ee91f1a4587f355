import type { LogType } from '../line/schema/index.js';
import type { ArrivalHour } from './windows.js';

/** Turns landed objects into Parquet. */
export interface Engine {
  /** @throws TooMuchError when the objects are more together than it may unpack, and whatever else keeps it from reading them */
  open(job: CompactionJob): Promise<OpenJob>;
}

/** Fewer objects may do where these do not. */
export class TooMuchError extends Error {}

export interface CompactionJob {
  readonly type: LogType;
  readonly objects: readonly LandedObject[];
  /** Event days that have a partition of their own, `yyyy-MM-dd`; rows of others, and of none, share a file. */
  readonly days: Range;
  /** Hours of records, see recordHourOf, whose identities have an index of their own; others share some, see indexOf. */
  readonly recordHours: Range;
}

/** Both ends belong to it; texts that sort as what they mean. */
export interface Range {
  readonly first: string;
  readonly last: string;
}

/** The name, in place of a day, of the file for rows of days without a partition. Their day is a column of it. */
export const otherDays = 'other';

export interface LandedObject {
  readonly key: string;
  readonly arrived: ArrivalHour;
  /** Lines of JSON, gzipped when the key says so. */
  readonly body: Uint8Array;
}

/** A job whose rows have been read. */
export interface OpenJob {
  /** The indexes that its rows belong to, see indexOf. */
  readonly indexes: readonly string[];
  /** Bytes of its lines, unpacked. */
  readonly unpacked: number;
  /**
   * Rows without those that the job has twice, and without those that an earlier job had.
   *
   * @param earlier indexes that earlier jobs wrote
   */
  write(earlier: readonly Uint8Array[]): Promise<WrittenJob>;
  close(): Promise<void>;
}

/** The same for the same objects and earlier indexes, whoever writes it and how often. */
export interface WrittenJob {
  /** Parquet files of rows, one for each day and one for {@link otherDays}. */
  readonly days: readonly { readonly day: string; readonly body: Uint8Array }[];
  /** The identities of these rows, by index. */
  readonly indexes: readonly { readonly index: string; readonly body: Uint8Array }[];
  /** Rows written, and rows left out as duplicates. */
  readonly rows: number;
  readonly duplicates: number;
  /** Of the rows written, those whose line is no JSON: a row of nulls, as Athena reads it from the landed object. */
  readonly unreadable: number;
}
