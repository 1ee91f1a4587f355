import { gunzipSync } from 'node:zlib';
import {
  type CompactionJob,
  type Engine,
  type LandedObject,
  otherDays,
  type Range,
} from '../../../shared/compact/engine.js';
import { indexOf } from '../../../shared/compact/indexes.js';
import { groupBy } from '../../../shared/text/groupBy.js';

/** A row of a landed object, and what compaction adds to it. */
export interface StoredRow {
  readonly [column: string]: unknown;
  readonly arrived: string;
}

/** An engine whose Parquet is JSON: rows as an array, identities as an array. See {@link rowsOf}. */
export const memoryEngine: Engine = {
  async open(job) {
    const objects = job.objects.map((object) => ({ ...object, body: unpacked(object) }));
    const rows = objects.flatMap(({ body, arrived }) => linesOf(body).map((row): StoredRow => ({ ...row, arrived })));
    return {
      indexes: [...new Set(rows.flatMap((row) => indexOfRow(row, job.recordHours) ?? []))],
      unpacked: objects.reduce((sum, { body }) => sum + body.length, 0),
      async write(earlier) {
        const known = new Set(earlier.flatMap((body) => JSON.parse(String(Buffer.from(body))) as string[]));
        const kept: StoredRow[] = [];
        for (const row of [...rows].sort((a, b) => compare(sortKeyOf(a), sortKeyOf(b)))) {
          const identity = identityOf(row);
          if (identity !== undefined && known.has(identity)) continue;
          if (identity !== undefined) known.add(identity);
          kept.push(row);
        }
        const days = groupBy(kept, (row) => dayOf(row, job));
        const indexes = groupBy(
          kept.filter(({ record }) => typeof record === 'string'),
          (row) => indexOfRow(row, job.recordHours) ?? '',
        );
        return {
          days: [...days].map(([day, same]) => ({ day, body: encode(same) })),
          indexes: [...indexes].map(([index, same]) => ({ index, body: encode(same.map(identityOf)) })),
          rows: kept.length,
          duplicates: rows.length - kept.length,
          unreadable: kept.filter((row) => Object.keys(row).length === 1).length,
        };
      },
      close: async () => undefined,
    };
  },
};

/** The rows of a file of {@link memoryEngine}. */
export function rowsOf(body: Uint8Array): StoredRow[] {
  return JSON.parse(String(Buffer.from(body))) as StoredRow[];
}

/** What is no JSON is a row without columns. */
export function linesOf(body: Uint8Array): { readonly [column: string]: unknown }[] {
  const lines = String(Buffer.from(body))
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    try {
      return JSON.parse(line) as { readonly [column: string]: unknown };
    } catch {
      return {};
    }
  });
}

function unpacked({ key, body }: LandedObject): Uint8Array {
  return key.endsWith('.gz') ? gunzipSync(body) : body;
}

/** What makes a row the same as another; undefined for a row that states no record. */
export function identityOf({
  record,
  line,
  lines,
  fields,
}: {
  readonly [column: string]: unknown;
}): string | undefined {
  if (typeof record !== 'string') return undefined;
  const part = typeof fields === 'string' ? /^\{"part":(\d+)/.exec(fields)?.[1] : undefined;
  return JSON.stringify([record, line ?? null, lines ?? null, part ?? null]);
}

function dayOf({ ts }: StoredRow, { days }: Pick<CompactionJob, 'days'>): string {
  const day = String(ts ?? '').slice(0, 10);
  return isIn(day, days) ? day : otherDays;
}

function indexOfRow({ record }: StoredRow, hours: Range): string | undefined {
  return typeof record === 'string' ? indexOf(record.slice(0, 5), hours) : undefined;
}

function isIn(text: string, { first, last }: Range): boolean {
  return text >= first && text <= last;
}

function sortKeyOf(row: StoredRow): string {
  return JSON.stringify([row.arrived, Object.entries(row)]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
