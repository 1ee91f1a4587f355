import { text } from 'node:stream/consumers';
import { storeRequests } from '../../shared/bounds.js';
import type { Control } from '../../shared/compact/control.js';
import { arrivalHourIn, layout, manifestOf, windowIn } from '../../shared/compact/layout.js';
import { isHidden } from '../../shared/compact/untaken.js';
import { type ArrivalHour, dayOf } from '../../shared/compact/windows.js';
import { landedPrefix } from '../../shared/line/partition.js';
import type { LogType } from '../../shared/line/schema/index.js';
import { type Group, groupBy } from '../../shared/text/groupBy.js';
import { inParallel } from '../../shared/text/parallel.js';
import type { Bucket, BucketObject } from './buckets.js';
import { landedLines } from './landedRows.js';
import type { ParquetReader } from './parquetRows.js';
import { Repeats } from './repeats.js';

/** Some of the lines of a type that arrived in an hour: a landed object, or the Parquet of the hour. */
export interface StoredPart {
  readonly name: string;
  /** As stored. */
  readonly bytes: number;
  /** Makes it ready to be read; many can be at a time. */
  open(): Promise<OpenPart>;
}

/** Its rows as binary strings of JSON, some at a time. Parts are read one after the other. */
export type OpenPart = AsyncIterable<readonly string[]>;

/** What is read, and with what. */
export interface Reading {
  readonly type: LogType;
  /** Columns of the rows that are needed, in the table's order; the first is `ts`. */
  readonly columns: readonly string[];
  readonly parquet: () => Promise<ParquetReader>;
}

/**
 * The lines of a type in a bucket, as the view of the type has them: before the boundary what is Parquet, from there on what
 * landed. Of a line that landed twice, or that is Parquet already, only the first is there, as once it is Parquet.
 */
export class StoredLines {
  private readonly repeats: Repeats;
  /** Keys of files whose bytes a part has counted: those of a window of a day are read for each of its hours. */
  private readonly counted = new Set<string>();

  private constructor(
    private readonly bucket: Bucket,
    private readonly reading: Reading,
    private readonly control: Control | undefined,
    private readonly windows: ReadonlyMap<ArrivalHour, Group<BucketObject>>,
  ) {
    this.repeats = new Repeats((index) => this.identities(index));
  }

  static async open(bucket: Bucket, reading: Reading): Promise<StoredLines> {
    // Before the files are listed: all that it calls Parquet is there.
    const control = await controlOf(bucket, reading.type);
    const files = control ? await bucket.list(layout.parquet(reading.type)) : [];
    return new StoredLines(
      bucket,
      reading,
      control,
      groupBy(files, ({ key }) => windowIn(key)),
    );
  }

  /** What has the lines that arrived in an hour. Hours are asked for in order. */
  async find(hour: ArrivalHour): Promise<readonly StoredPart[]> {
    if (this.control && hour < this.control.boundary) return this.parquetOf(hour);
    const objects = await this.bucket.list(landedPrefix(this.reading, hour));
    return objects.flatMap(({ key, size }) =>
      arrivalHourIn(key) === hour && !isHidden(key) ? { name: key, bytes: size, open: () => this.openLanded(key) } : [],
    );
  }

  private async openLanded(key: string): Promise<OpenPart> {
    const landed = landedLines(await this.bucket.open(key), key);
    const { repeats } = this;
    return (async function* () {
      for await (const lines of landed) yield repeats.leaveOut(lines);
    })();
  }

  private parquetOf(hour: ArrivalHour): readonly StoredPart[] {
    const ofDay = `${dayOf(hour)}-00`;
    const files = [...new Set([ofDay, hour])].flatMap((window) => this.windows.get(window) ?? []);
    const [first] = files;
    if (!first) return [];
    const bytes = files.reduce((sum, { key, size }) => sum + (this.counted.has(key) ? 0 : size), 0);
    for (const { key } of files) this.counted.add(key);
    const folder = layout.parquet(this.reading.type);
    const name = files.length === 1 ? first.key : `one of ${files.length} files of ${folder} for ${hour}`;
    return [{ name, bytes, open: () => this.openParquet(files, hour) }];
  }

  private async openParquet(files: readonly BucketObject[], arrived: ArrivalHour): Promise<OpenPart> {
    const { bucket, reading } = this;
    const paths = await pathsOf(files, bucket);
    return (async function* () {
      yield* (await reading.parquet()).rows(paths, { ...reading, arrived });
      for (const { key } of files) if (isLastOf(arrived, windowIn(key))) await bucket.forget(key);
    })();
  }

  /** What manifests of windows before the boundary have; those behind it are of lines that are read as they landed. */
  private async *identities(index: string): AsyncGenerator<readonly string[]> {
    const { bucket, control, reading } = this;
    if (!control) return;
    const listed = await bucket.list(layout.index(reading.type, index));
    const files = listed.filter(({ key }) => isBefore(control, manifestOf(key)));
    if (files.length === 0) return;
    yield* (await reading.parquet()).identities(await pathsOf(files, bucket));
    for (const { key } of files) await bucket.forget(key);
  }
}

function pathsOf(files: readonly BucketObject[], bucket: Bucket): Promise<string[]> {
  return inParallel(files, storeRequests, ({ key }) => bucket.file(key));
}

async function controlOf(bucket: Bucket, type: LogType): Promise<Control | undefined> {
  const key = layout.control(type);
  const found = await bucket.list(key.slice(0, key.lastIndexOf('/') + 1));
  if (!found.some((each) => each.key === key)) return undefined;
  return JSON.parse(await text(await bucket.open(key))) as Control;
}

/** Whether a manifest was of a window before the boundary. */
function isBefore({ manifest, boundary, taken }: Control, number: number): boolean {
  const isBehind = Object.entries(taken).some(
    ([hour, { manifests }]) => hour >= boundary && manifests.some(([first, last]) => number >= first && number <= last),
  );
  return number < manifest && !isBehind;
}

/** Whether no hour after this one can be in files of a window. */
function isLastOf(hour: ArrivalHour, window: ArrivalHour): boolean {
  return hour.endsWith('-23') || !window.endsWith('-00');
}
