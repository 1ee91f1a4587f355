import { arrivedHour } from '../../shared/line/partition.js';
import { type LogType, logTypes, tables } from '../../shared/line/schema/index.js';
import type { RuleSet } from '../../shared/rules/matching/match.js';
import type { Bucket } from './buckets.js';
import { OpenSlots } from './openSlots.js';
import { ParquetReader } from './parquetRows.js';
import type { Period } from './period.js';
import type { Progress, Slot } from './slot.js';
import { StoredLines, type StoredPart } from './storedLines.js';

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
  for await (const slots of readSlotsOfSets(buckets, [rules], sought, width, progress)) yield* slots;
}

/** The same for several sets of rules, of each a slot: rows are read once for all of them. */
export async function* readSlotsOfSets(
  buckets: readonly Bucket[],
  sets: readonly RuleSet[],
  sought: Sought,
  width: number,
  progress: Progress,
): AsyncGenerator<readonly Slot[]> {
  let parquet: Promise<ParquetReader> | undefined;
  const openParquet = () => {
    parquet ??= ParquetReader.open(sought.signal);
    return parquet;
  };
  try {
    const stored = await openStored(buckets, sets, openParquet);
    const slots = new OpenSlots(width, sets, sought.period, progress);
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
  sets: readonly RuleSet[],
  parquet: () => Promise<ParquetReader>,
): Promise<TypedLines[]> {
  const types = logTypes.filter((type) => sets.some(({ rules }) => rules.some(({ on }) => on.includes(type))));
  return Promise.all(
    types.flatMap((type) =>
      buckets.map(async (bucket) => ({
        type,
        lines: await StoredLines.open(bucket, { type, columns: columnsOf(type, sets), parquet }),
      })),
    ),
  );
}

/** What any of them needs, in the table's order. */
function columnsOf(type: LogType, sets: readonly RuleSet[]): readonly string[] {
  const needed = new Set(sets.flatMap((rules) => rules.columns(type)));
  return Object.keys(tables[type]).filter((name) => needed.has(name));
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

const HOUR = 3_600_000;
