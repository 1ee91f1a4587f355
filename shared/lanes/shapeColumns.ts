import type { Parsed } from '../line/parsed.js';
import { columnKey } from '../line/rowText.js';
import { toBinary } from '../text/binary.js';
import { stringify } from '../text/json.js';
import type { ScannedLine } from './jsonScan.js';
import type { Effects, MadeColumn } from './lineEffects.js';
import { levelLike, usualOf } from './usualValues.js';
import { type Role, requestColumns } from './valueEffect.js';

/** What a row has before `fields`. */
export interface ShapeColumns {
  /** In the order of the row. */
  readonly columns: readonly ShapeColumn[];
  /** Columns that are the same in all rows; they stand in the constant text before the others. */
  readonly constants: readonly (readonly [column: string, value: unknown])[];
  /** The row's constant text behind the last of them. */
  readonly columnsEnd: string;
}

export interface ShapeColumn {
  /** Of the leaf whose value it is. */
  readonly index: number;
  readonly column: string;
  readonly role: Role;
  /** The row's constant text from the value before up to this one: `","message":"`. */
  readonly before: string;
  /** How its values mostly look, without any escape; others are left to the full parse. */
  readonly usual: RegExp | undefined;
}

export function columnsOf(
  { type, columns: row }: Parsed,
  { byColumn, areAllNew }: Effects,
  { values }: ScannedLine,
): ShapeColumns | undefined {
  const columns: ShapeColumn[] = [];
  const constants: [column: string, value: unknown][] = [];
  let constant = '';
  for (const [column, value] of Object.entries(row)) {
    if (type === 'access' && isMadeWithAnother(column, byColumn)) continue;
    const made = byColumn.get(column);
    if (made) {
      const quote = numeric.has(made.role) ? '' : '"';
      const before = `${constant}${columnKey(column)}${quote}`;
      const usual = made.role === 'level' ? levelLike(values[made.index] as string) : usualOf(made.role, column, type);
      columns.push({ ...made, before, usual });
      constant = quote;
    } else if (value === '' || areAllNew) {
      constants.push([column, value]);
      constant += `${columnKey(column)}${toBinary(stringify(value))}`;
    } else return undefined;
  }
  return { columns, constants, columnsEnd: constant };
}

const numeric: ReadonlySet<Role> = new Set<Role>(['number', 'seconds', 'nanoseconds', 'duration', 'status']);

/** The target makes the query too, and a request all its columns. */
function isMadeWithAnother(column: string, byColumn: ReadonlyMap<string, MadeColumn>): boolean {
  if (byColumn.get('method')?.role === 'request') return column !== 'method' && requestColumns.has(column);
  return column === 'query';
}
