import { Origin, type OriginColumns } from '../../shared/line/origin.js';
import { arrivedHour } from '../../shared/line/partition.js';
import { TIME_END } from '../../shared/line/rowText.js';
import { type LogType, logTypes } from '../../shared/line/schema/index.js';
import type { RuleSet, SignalCollector } from '../../shared/rules/matching/match.js';
import type { RuleFailure, Signal } from '../../shared/signals/signal.js';
import { fromBinary } from '../../shared/text/binary.js';
import type { ViewedRow } from '../../shared/where/compileWhere.js';
import type { Bucket } from './buckets.js';
import { timeOf } from './landedRows.js';
import { ParquetReader } from './parquetRows.js';
import type { Period } from './period.js';
import { StoredLines, type StoredPart } from './storedLines.js';

/** What the rules match in one slot of event time: as much as an invocation of the transform would have told. */
export interface Slot {
  /** Its end, ms since the epoch. */
  readonly at: number;
  readonly signals: readonly Signal[];
  readonly failures: readonly RuleFailure[];
}

/** How much has been read. */
export interface Progress {
  rows: number;
  /** As stored. */
  bytes: number;
  /** Lines that are no rows. */
  unreadable: number;
  /** Hours of arrival that are done with. */
  hours: number;
}

/** Which rows are shown, and where they are looked for. */
export interface Sought {
  /** By event time. */
  readonly period: Period;
  /** How long after its event a row may have arrived, in milliseconds, and still count at its own time. */
  readonly late: number;
  /** Ends the search with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Shows the stored rows of a period to rules, in slots of event time. Rows are read by the hour of their arrival, so the slots
 * of an hour are complete when all hours were read in which its rows may have arrived. No row is kept: each slot has a
 * collector of its own, so rows may come in any order. A row that came later than that, or before its time by more than an
 * hour, counts where it arrived, as its alert does.
 *
 * @param width of a slot, in milliseconds; an hour holds a whole number of them
 */
export async function* readSlots(
  buckets: readonly Bucket[],
  rules: RuleSet,
  sought: Sought,
  width: number,
  progress: Progress,
): AsyncGenerator<Slot> {
  let parquet: Promise<ParquetReader> | undefined;
  const openParquet = () => {
    parquet ??= ParquetReader.open(sought.signal);
    return parquet;
  };
  try {
    const stored = await openStored(buckets, rules, openParquet);
    const slots = new OpenSlots(width, rules, sought.period, progress);
    for await (const { hour, found } of ahead(HOURS_AHEAD, hoursOf(sought), (hour) => findHour(stored, hour))) {
      slots.window = { from: hour * HOUR - sought.late, arrived: hour * HOUR, to: (hour + 1 + HOURS_EARLY) * HOUR };
      sought.signal?.throwIfAborted();
      for await (const { type, part, rows } of ahead(PARTS_AHEAD, found, openPart)) {
        progress.bytes += part.bytes;
        await explained(part, async () => {
          for await (const some of rows) {
            sought.signal?.throwIfAborted();
            for (const row of some) slots.take(type, row);
          }
        });
      }
      progress.hours++;
      yield* slots.before((hour + 1) * HOUR - sought.late);
    }
    yield* slots.before(Number.POSITIVE_INFINITY);
  } finally {
    await (await parquet)?.close();
  }
}

/**
 * The hours of arrival in which the rows of a period are, since the epoch. An object is filed under the hour of its oldest row, and
 * a clock may be somewhat ahead: the hour before the period's first has rows of it.
 */
export function hoursOf({ period: { from, to }, late }: Sought): number[] {
  const first = Math.floor(from / HOUR) - HOURS_EARLY;
  return Array.from({ length: Math.ceil((to + late) / HOUR) - first }, (_, index) => first + index);
}

const HOURS_EARLY = 1;

interface TypedLines {
  readonly type: LogType;
  readonly lines: StoredLines;
}

/** The lines of the types that rules look at. */
function openStored(
  buckets: readonly Bucket[],
  rules: RuleSet,
  parquet: () => Promise<ParquetReader>,
): Promise<TypedLines[]> {
  const types = logTypes.filter((type) => rules.rules.some(({ on }) => on.includes(type)));
  return Promise.all(
    types.flatMap((type) =>
      buckets.map(async (bucket) => ({
        type,
        lines: await StoredLines.open(bucket, { type, columns: rules.columns(type), parquet }),
      })),
    ),
  );
}

interface FoundPart {
  readonly type: LogType;
  readonly part: StoredPart;
}

async function findHour(stored: readonly TypedLines[], hour: number) {
  const arrived = arrivedHour(hour * HOUR);
  const found = await Promise.all(
    stored.map(async ({ type, lines }) => (await lines.find(arrived)).map((part): FoundPart => ({ type, part }))),
  );
  return { hour, found: found.flat() };
}

async function openPart({ type, part }: FoundPart) {
  return { type, part, rows: await explained(part, () => part.open()) };
}

/** @throws Error that names the part that can't be read */
async function explained<T>({ name }: StoredPart, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new Error(`${name} can't be read: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** Starts some more before they are asked for, and gives them in order: S3 takes longer to answer than to send. */
async function* ahead<T, R>(count: number, items: readonly T[], start: (item: T) => Promise<R>): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  for (let next = 0; next < items.length || started.length > 0; ) {
    while (next < items.length && started.length <= count) {
      const result = start(items[next++] as T);
      // Whoever comes to it has the error; until then it is nobody's.
      result.catch(() => undefined);
      started.push(result);
    }
    yield (await started.shift()) as R;
  }
}

const HOURS_AHEAD = 2;
const PARTS_AHEAD = 8;

/** Slots to which rows may still be added, as far as anything is in them. */
class OpenSlots {
  private readonly collectors = new Map<number, SignalCollector>();
  /** Event times of which rows may arrive in the hour that is being read, and when it began; ms since the epoch. */
  window = { from: 0, arrived: 0, to: 0 };

  constructor(
    private readonly width: number,
    private readonly rules: RuleSet,
    private readonly period: Period,
    private readonly progress: Progress,
  ) {}

  /** @param line a stored row, as a binary string */
  take(type: LogType, line: string): void {
    const ts = timeOf(line);
    const { from, arrived, to } = this.window;
    const time = ts < from ? arrived : ts >= to ? arrived + HOUR - 1 : ts;
    if (time < this.period.from || time >= this.period.to) return;
    if (!Number.isNaN(ts) && this.show(type, line, ts, time)) this.progress.rows++;
    else this.progress.unreadable++;
  }

  /** Those that end before a time, in order; nothing can be added to them any more. */
  *before(time: number): Generator<Slot> {
    const slots = [...this.collectors].sort(([a], [b]) => a - b);
    for (const [index, collector] of slots) {
      const at = (index + 1) * this.width;
      if (at > time) return;
      this.collectors.delete(index);
      yield { at, signals: collector.signals(), failures: collector.failures() };
    }
  }

  private collectorAt(index: number): SignalCollector {
    let collector = this.collectors.get(index);
    if (!collector) {
      collector = this.rules.collector();
      this.collectors.set(index, collector);
    }
    return collector;
  }

  /** @returns false when the line is no row */
  private show(type: LogType, line: string, ts: number, time: number): boolean {
    const collector = this.collectorAt(Math.floor(time / this.width));
    if (type === 'access') {
      if (!line.endsWith('}')) return false;
      collector.access?.(line, ts, originOf(line));
      return true;
    }
    const row = parseRow(line);
    if (!row) return false;
    row.ts = ts;
    collector.observe(type, row);
    return true;
  }
}

function parseRow(line: string): ViewedRow | undefined {
  try {
    return JSON.parse(fromBinary(line)) as ViewedRow;
  } catch {
    return undefined;
  }
}

/** Who wrote a row, by the columns behind its time; those of a container are the same text in all its rows. */
function originOf(line: string): Origin {
  columnsOfOrigin.lastIndex = TIME_END;
  const [text = ''] = columnsOfOrigin.exec(line) ?? [];
  let origin = origins.get(text);
  if (!origin) {
    origin = new Origin(JSON.parse(`{${fromBinary(text.slice(1))}}`) as OriginColumns);
    origins.set(text, origin);
  }
  return origin;
}

const columnsOfOrigin = /(?:,"(?:service|source|task|cluster)":"(?:[^"\\]|\\.)*")*/y;
const origins = new Map<string, Origin>();

const HOUR = 3_600_000;
