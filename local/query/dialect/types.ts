import type { TypeName } from './syntax.js';

/** A type of Trino, as far as queries over logs need them: https://trino.io/docs/current/language/types.html */
export interface SqlType {
  readonly name: string;
  /** Of decimals. */
  readonly precision?: number;
  readonly scale?: number;
  /** The elements of an array; keys and values of a map; the fields of a row. */
  readonly of?: readonly SqlType[];
  /** Of a timestamp with time zone: the zone that it is shown in, as SQL of DuckDB, which keeps the instant alone. */
  readonly zone?: string;
}

/** Of a null. */
export const unknown: SqlType = { name: 'unknown' };
/** Of what nothing is known; compatible with everything. */
export const any: SqlType = { name: 'any' };

const plain = (name: string): SqlType => ({ name });
export const boolean = plain('boolean');
export const integer = plain('integer');
export const bigint = plain('bigint');
export const double = plain('double');
export const varchar = plain('varchar');
export const timestamp = plain('timestamp');
export const zonedTimestamp = plain('timestamp with time zone');
export const dayInterval = plain('interval day to second');
export const yearInterval = plain('interval year to month');

/** At most as many digits as a decimal has: Trino's limit, and DuckDB's. */
const mostDigits = 38;

export function decimal(precision: number, scale: number): SqlType {
  return { name: 'decimal', precision: Math.min(mostDigits, Math.max(1, precision)), scale };
}

export function arrayOf(element: SqlType): SqlType {
  return { name: 'array', of: [element] };
}

export function rowOf(fields: readonly SqlType[]): SqlType {
  return { name: 'row', of: fields };
}

export function showType(type: SqlType): string {
  if (type.name === 'decimal') return `decimal(${type.precision}, ${type.scale})`;
  return type.of ? `${type.name}(${type.of.map(showType).join(', ')})` : type.name;
}

/** How DuckDB spells it. */
export function duckDbType(type: SqlType): string {
  switch (type.name) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'array':
      return `${duckDbType(type.of?.[0] ?? varchar)}[]`;
    case 'map':
      return `MAP(${(type.of ?? []).map(duckDbType).join(', ')})`;
    case 'timestamp with time zone':
      return 'TIMESTAMPTZ';
    case 'varbinary':
      return 'BLOB';
    case 'ipaddress':
    case 'any':
    case 'unknown':
      return 'VARCHAR';
    default:
      return type.name.toUpperCase();
  }
}

/** The type of a column of DuckDB. */
export function typeOfDuckDb(name: string): SqlType {
  return ofDuckDb[name] ?? any;
}

const ofDuckDb: Readonly<Record<string, SqlType>> = {
  VARCHAR: varchar,
  INTEGER: integer,
  BIGINT: bigint,
  DOUBLE: double,
  TIMESTAMP: timestamp,
  DATE: plain('date'),
  BOOLEAN: boolean,
};

/** @returns undefined for a type that isn't known here */
export function typeNamed({ name, args }: TypeName): SqlType | undefined {
  const [first, second] = args;
  if (name === 'decimal' || name === 'numeric') {
    return decimal(typeof first === 'number' ? first : mostDigits, typeof second === 'number' ? second : 0);
  }
  if (name === 'array' || name === 'map') {
    const of = args.map((arg) => (typeof arg === 'number' ? undefined : typeNamed(arg)));
    if (of.length !== (name === 'array' ? 1 : 2) || of.includes(undefined)) return undefined;
    return { name, of: of as SqlType[] };
  }
  const known = aliases[name] ?? name;
  return castable.has(known) ? plain(known) : undefined;
}

const aliases: Readonly<Record<string, string>> = { int: 'integer', char: 'varchar', float: 'real' };

const castable = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'varchar',
  'varbinary',
  'date',
  'time',
  'timestamp',
  'timestamp with time zone',
  'json',
  'ipaddress',
  'uuid',
]);

const integers = ['tinyint', 'smallint', 'integer', 'bigint'];
const numbers = [...integers, 'decimal', 'real', 'double'];
const times = ['date', 'timestamp', 'timestamp with time zone'];

export function isInteger({ name }: SqlType): boolean {
  return integers.includes(name);
}

export function isNumber({ name }: SqlType): boolean {
  return numbers.includes(name);
}

export function isTime({ name }: SqlType): boolean {
  return times.includes(name);
}

export function isInterval({ name }: SqlType): boolean {
  return name.startsWith('interval');
}

/** Integers are decimals without a scale. */
export function asDecimal(type: SqlType): SqlType {
  const digits: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };
  return type.name in digits ? decimal(digits[type.name] ?? mostDigits, 0) : type;
}

/** Whether Trino turns one into the other by itself; it never does so between text and anything else. */
export function becomes(from: SqlType, to: SqlType): boolean {
  if (from.name === 'unknown' || from.name === 'any' || to.name === 'any') return true;
  if (from.name === to.name) {
    const [inner, outer] = [from.of ?? [], to.of ?? []];
    return inner.length === outer.length && inner.every((each, at) => becomes(each, outer[at] ?? any));
  }
  for (const order of [numbers, times]) {
    if (order.includes(from.name) && order.includes(to.name)) return order.indexOf(from.name) < order.indexOf(to.name);
  }
  return false;
}

/** What both become: https://github.com/trinodb/trino, TypeCoercion; undefined when there is none. */
export function common(left: SqlType, right: SqlType): SqlType | undefined {
  if (left.name === 'unknown' || left.name === 'any') return right;
  if (right.name === 'unknown' || right.name === 'any') return left;
  const decimals = [left, right].map(asDecimal);
  if ((left.name === 'decimal' || right.name === 'decimal') && decimals.every(({ name }) => name === 'decimal')) {
    const scale = Math.max(...decimals.map((each) => each.scale ?? 0));
    const whole = Math.max(...decimals.map((each) => (each.precision ?? 0) - (each.scale ?? 0)));
    return decimal(whole + scale, scale);
  }
  if (left.of && right.of && left.name === right.name && left.of.length === right.of.length) {
    const of = left.of.map((each, at) => common(each, right.of?.[at] ?? any));
    return of.includes(undefined) ? undefined : { name: left.name, of: of as SqlType[] };
  }
  if (becomes(left, right)) return right;
  return becomes(right, left) ? left : undefined;
}
