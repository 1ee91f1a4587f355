/** The types a column can have; each maps to one Glue, DuckDB and TypeScript type. */
export type ColumnType = 'timestamp' | 'string' | 'int' | 'bigint' | 'double';

export interface Column {
  readonly type: ColumnType;
  /** One sentence for docs/tables.md: meaning, unit, and when it is null. */
  readonly doc: string;
}

export type Columns = Readonly<Record<string, Column>>;

interface ColumnValue {
  /** Milliseconds since the epoch, UTC. */
  timestamp: number;
  string: string;
  int: number;
  bigint: number;
  double: number;
}

/** The row type that a set of columns describes: every column but `ts` may be missing, which reads as null. */
export type RowOf<C extends Columns> = { -readonly [K in keyof C]?: ColumnValue[C[K]['type']] } & { ts: number };
