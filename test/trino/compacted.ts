import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { duckDbEngine } from '../../functions/adapters/duckDbEngine.js';
import { viewDefinition } from '../../shared/athena/views.js';
import { compaction } from '../../shared/bounds.js';
import { compactType } from '../../shared/compact/compactType.js';
import { recordHourOf } from '../../shared/compact/windows.js';
import { arrivedHour, landedPrefix } from '../../shared/line/partition.js';
import { type LogType, logTypes } from '../../shared/line/schema/index.js';
import { formatTimestamp } from '../../shared/line/timestamp.js';
import { MemoryCatalog, MemoryStore } from '../helpers/compaction/memoryStore.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.parse('2026-11-22T21:00:00Z');
const windows = 6;
const linesOfHour = 2000;

/** The record that is sent again, in the window after its own, and how many lines it has. */
export const resent = { lines: 100, again: arrivedHour(start + 3 * HOUR) } as const;

/** A definition that a type's view had, one for each boundary, from before all that landed to after it. */
export type Definitions = Readonly<Record<LogType, readonly string[]>>;

/**
 * A bucket in which six windows over midnight landed and became Parquet, one after the other. Every tenth line is of hours
 * or days before, and one of each window of 2019; a record was sent again in the window after its own; an object appeared
 * in the first window when that was Parquet. Nobody logged to `app`.
 *
 * @param bucket its folder
 */
export async function writeCompacted(bucket: string, database: string): Promise<Definitions> {
  const store = new MemoryStore();
  for (let window = 0; window < windows; window++) {
    land(store, 'access', window, linesOfHour);
    land(store, 'error', window, linesOfHour / 10);
  }
  const catalog = new NotingCatalog();
  await compactAll(store, catalog, database, start + 3 * HOUR + compaction.closingTime);
  put(store, 'access', start, 'straggler', rowsOf('access', start, 50, 'late'));
  for (let window = 4; window <= windows; window++) {
    await compactAll(store, catalog, database, start + window * HOUR + compaction.closingTime);
  }
  for (const [key, { body }] of store.objects) {
    const path = join(bucket, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
  }
  return catalog.definitions;
}

async function compactAll(store: MemoryStore, catalog: MemoryCatalog, database: string, now: number): Promise<void> {
  for (const type of logTypes) {
    await compactType(
      type,
      { id: 'trino', until: Number.MAX_SAFE_INTEGER },
      { store, catalog, engine: duckDbEngine({ memoryMB: 500, threads: 1, unpackedBytes: 1e9 }), now: () => now },
      {
        window: 'hour',
        landedDays: 14,
        retentionDays: 395,
        closingTime: compaction.closingTime,
        manifestBytes: compaction.maxManifestBytes,
        unpackedBytes: 1e9,
        view: (type, boundary) => viewDefinition(type, database, boundary),
      },
    );
  }
}

/** Knows what each view was. */
class NotingCatalog extends MemoryCatalog {
  readonly definitions: Record<LogType, string[]> = { access: [], error: [], app: [] };

  override async write(type: LogType, definition: string, version: string | undefined): Promise<boolean> {
    const isWritten = await super.write(type, definition, version);
    if (isWritten) this.definitions[type].push(definition);
    return isWritten;
  }
}

type Row = Readonly<Record<string, unknown>>;

function land(store: MemoryStore, type: LogType, window: number, lines: number): void {
  const arrival = start + window * HOUR;
  const rows = rowsOf(type, arrival, lines, String(window));
  const before = arrivedHour(arrival) === resent.again ? rowsOf(type, arrival - HOUR, lines, String(window - 1)) : [];
  put(store, type, arrival, 'a', rows.slice(0, lines / 2));
  put(store, type, arrival, 'b', [...before.slice(0, resent.lines), ...rows.slice(lines / 2)]);
}

function put(store: MemoryStore, type: LogType, arrival: number, name: string, rows: readonly Row[]): void {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  store.put(`${landedPrefix({ type }, arrivedHour(arrival))}logs-${name}.json.gz`, gzipSync(text));
}

/** Lines of records of {@link resent}.lines each. */
function rowsOf(type: LogType, arrival: number, count: number, name: string): Row[] {
  return Array.from({ length: count }, (_, n) => {
    const ts = timeOf(arrival, n, count);
    const own =
      type === 'access'
        ? { path: `/${n % 50}`, status: n % 9 ? 200 : 503, bytes: n }
        : { level: 'error', message: `${n}` };
    const record = `${recordHourOf(arrival)}${`${name}x${Math.floor(n / resent.lines)}`.padStart(16, 'a')}`;
    return { ts: formatTimestamp(ts), service: ['web', 'shop'][n % 2], ...own, record, line: (n % resent.lines) + 1 };
  });
}

/** Mostly of its hour; some of the hours and days before, and of a clock that stands in 2019. */
function timeOf(arrival: number, n: number, count: number): number {
  if (n === 7) return Date.parse('2019-05-06T07:08:09.010Z');
  const ts = arrival + Math.floor((n * HOUR) / count);
  return n % 10 ? ts : ts - (n % 20 ? 5 * HOUR : 2 * DAY);
}
