import type { LogType } from '../line/schema/index.js';

/** A row as it landed: columns without a value are missing, and `ts` is text. */
export interface LandedRow {
  readonly type: LogType;
  readonly columns: Readonly<Record<string, unknown>>;
  /** Event time, ms since the epoch; undefined when it can't be read. */
  readonly ts: number | undefined;
  /** What tells it from all other rows: `record`, `line`, and `lines` of a joined one. Undefined for a row without a place. */
  readonly id: string | undefined;
}

/** A line of a landed object; undefined when it is no JSON object, which Firesplit never writes. */
export function parseRow(line: Uint8Array, type: LogType): LandedRow | undefined {
  const columns = objectIn(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'));
  return columns && { type, columns, ts: timeOf(columns.ts), id: idOf(columns) };
}

/** A column that holds text; undefined when it has none. */
export function textOf({ columns }: LandedRow, column: string): string | undefined {
  const value = columns[column];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The members of `fields`; none when there are none. One that nests so deep that a sink would refuse it, and that to go through it
 * would take the engine's whole stack, is left as text.
 */
export function fieldsOf(row: LandedRow): Readonly<Record<string, unknown>> {
  const fields = objectIn(textOf(row, 'fields') ?? '{}') ?? {};
  const isDeep = Object.values(fields).some((value) => !isShallow(value));
  return isDeep ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, flat(value)])) : fields;
}

function flat(value: unknown): unknown {
  return isShallow(value) ? value : JSON.stringify(value);
}

function isShallow(value: unknown, depth = deepest): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

/** Levels of objects and arrays. */
const deepest = 50;

/** `2026-11-22 16:41:02.123`, UTC, as shared/line/timestamp.ts writes it. */
function timeOf(ts: unknown): number | undefined {
  const time = typeof ts === 'string' ? Date.parse(`${ts.replace(' ', 'T')}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** A row that was joined of another number of lines is another row (docs/replay.md). */
function idOf({ record, line, lines }: LandedRow['columns']): string | undefined {
  if (typeof record !== 'string' || typeof line !== 'number') return undefined;
  return typeof lines === 'number' && lines > 1 ? `${record}:${line}+${lines - 1}` : `${record}:${line}`;
}

function objectIn(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
