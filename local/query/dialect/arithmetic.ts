import { type Context, refuse } from './context.js';
import type { Expression } from './syntax.js';
import { as, local, type Typed } from './typed.js';
import {
  any,
  asDecimal,
  common,
  dayInterval,
  decimal,
  isInterval,
  isNumber,
  isTime,
  type SqlType,
  showType,
  varchar,
} from './types.js';

type Binary = Extract<Expression, { kind: 'binary' }>;

/** `+ - * / %` and `||`, with the types that Trino gives them: https://trino.io/docs/current/functions/decimal.html */
export function translateArithmetic(context: Context, value: Binary, left: Typed, right: Typed): Typed {
  const { operator } = value;
  if (operator === '||') return concatenated(context, value, left, right);
  const moved = movedTime(context, value, left, right);
  if (moved) return moved;
  const [a, b] = [left.type, right.type];
  const type = common(a, b);
  if (!type || !(isNumber(type) || type.name === 'any' || type.name === 'unknown')) {
    refuse(context, value, `Cannot apply operator: ${showType(a)} ${operator} ${showType(b)}`, remedy(a, b));
  }
  if (type.name === 'decimal') return decimals(operator, left, right);
  const sql = { left: as(left, type), right: as(right, type) };
  if (type.name === 'double' || type.name === 'real') {
    return {
      sql: operator === '%' ? `fmod(${sql.left}, ${sql.right})` : `(${sql.left} ${operator} ${sql.right})`,
      type,
    };
  }
  if (operator === '/') return { sql: `athena_divide(${sql.left}, ${sql.right})`, type };
  if (operator === '%') return { sql: `athena_remainder(${sql.left}, ${sql.right})`, type };
  return { sql: `(${sql.left} ${operator} ${sql.right})`, type };
}

function decimals(operator: string, left: Typed, right: Typed): Typed {
  const [a, b] = [asDecimal(left.type), asDecimal(right.type)];
  const [p1, s1, p2, s2] = [a.precision ?? 38, a.scale ?? 0, b.precision ?? 38, b.scale ?? 0];
  const [x, y] = [as(left, a), as(right, b)];
  const scale = Math.max(s1, s2);
  switch (operator) {
    case '*':
      return { sql: `(${x} * ${y})`, type: decimal(p1 + p2, s1 + s2) };
    case '/': {
      const type = decimal(p1 + s2 + Math.max(0, s2 - s1), scale);
      return { sql: cast(`athena_decimal_divide(${x}, ${y}, ${scale})`, type), type };
    }
    case '%':
      return { sql: `athena_remainder(${x}, ${y})`, type: decimal(Math.min(p1 - s1, p2 - s2) + scale, scale) };
    default:
      return { sql: `(${x} ${operator} ${y})`, type: decimal(Math.max(p1 - s1, p2 - s2) + scale + 1, scale) };
  }
}

function cast(sql: string, { precision, scale }: SqlType): string {
  return `CAST(${sql} AS DECIMAL(${precision}, ${scale}))`;
}

/** A time and an interval, two times, two intervals; undefined when it is about something else. */
function movedTime(context: Context, value: Binary, left: Typed, right: Typed): Typed | undefined {
  const { operator } = value;
  const [a, b] = [left.type, right.type];
  if (isTime(a) && isInterval(b) && (operator === '+' || operator === '-')) return moved(context, value, left, right);
  if (isInterval(a) && isTime(b) && operator === '+') return moved(context, value, right, left);
  if (isTime(a) && isTime(b) && operator === '-') {
    const type = common(a, b) ?? any;
    const [from, to] = [as(left, type), as(right, type)];
    // DuckDB counts days between dates.
    return {
      sql: type.name === 'date' ? `to_days(CAST(${from} - ${to} AS INTEGER))` : `(${from} - ${to})`,
      type: dayInterval,
    };
  }
  if (isInterval(a) && isInterval(b) && (operator === '+' || operator === '-')) {
    return { sql: `(${left.sql} ${operator} ${right.sql})`, type: a };
  }
  if (isInterval(a) && isNumber(b) && operator === '*') return { sql: `(${left.sql} * ${right.sql})`, type: a };
  if (isNumber(a) && isInterval(b) && operator === '*') return { sql: `(${right.sql} * ${left.sql})`, type: b };
  if ((isTime(a) && isNumber(b)) || (isNumber(a) && isTime(b))) {
    refuse(
      context,
      value,
      `Cannot apply operator: ${showType(a)} ${operator} ${showType(b)}`,
      "write ts + interval '1' day, or date_add('day', 1, ts)",
    );
  }
  return undefined;
}

function moved(context: Context, value: Binary, time: Typed, interval: Typed): Typed {
  const { type } = time;
  const sum = `(${local(time)} ${value.operator} ${interval.sql})`;
  if (type.name === 'date') {
    const written = [value.left, value.right].find((part) => part.kind === 'interval');
    if (written?.kind === 'interval' && ['hour', 'minute', 'second'].includes(written.unit)) {
      refuse(context, value, 'Cannot add hour, minutes or seconds to a date', 'write timestamp instead of date');
    }
    return { sql: `CAST(${sum} AS DATE)`, type };
  }
  if (type.name !== 'timestamp with time zone') return { sql: sum, type };
  return { sql: `timezone(${type.zone ?? "'UTC'"}, ${sum})`, type };
}

function concatenated(context: Context, value: Binary, left: Typed, right: Typed): Typed {
  const type = common(left.type, right.type);
  if (type && ['varchar', 'array', 'any', 'varbinary'].includes(type.name)) {
    return { sql: `(${as(left, type)} || ${as(right, type)})`, type };
  }
  const found = `${showType(left.type)} || ${showType(right.type)}`;
  if (type?.name === 'unknown') return { sql: 'NULL', type: varchar };
  return refuse(context, value, `Cannot apply operator: ${found}`, '|| joins text: write cast(x AS varchar)');
}

function remedy(left: SqlType, right: SqlType): string {
  const text = left.name === 'varchar' || right.name === 'varchar';
  return text ? 'make a number of the text: cast(x AS bigint), or try_cast where it may be none' : 'cast one of them';
}
