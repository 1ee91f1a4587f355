import { type Context, refuse } from './context.js';
import type { TypeName } from './syntax.js';
import { local, type Typed } from './typed.js';
import {
  dayInterval,
  duckDbType,
  isInterval,
  isNumber,
  isTime,
  type SqlType,
  showType,
  typeNamed,
  zonedTimestamp,
} from './types.js';

/**
 * CAST and TRY_CAST, with the texts that Trino makes of values.
 *
 * @param safe whether what can't be cast is null
 */
export function translateCast(context: Context, value: Typed, to: TypeName, safe: boolean): Typed {
  const type = typeNamed(to);
  if (!type)
    return refuse(
      context,
      to,
      `type ${to.name} is not known here`,
      'there are varchar, bigint, double, decimal(p, s), date, timestamp and the like',
    );
  if (!isCastable(value.type, type)) {
    return refuse(context, to, `Cannot cast ${showType(value.type)} to ${showType(type)}`, castRemedy(value.type));
  }
  if (type.name === 'varchar' && value.type.name === 'json' && safe) return { sql: `TRY(${textOf(value)})`, type };
  if (type.name === 'varchar') return { sql: cutTo(textOf(value), to), type };
  if (type.name === 'ipaddress') return { sql: `athena_ip(${value.sql}, '${safe}')`, type };
  if (value.type.name === 'varchar' && type.name === 'json') return { sql: `to_json(${value.sql})`, type };
  if (value.type.name === 'json' && !type.of && type.name !== 'json') {
    return {
      sql: `${safe ? 'TRY_CAST' : 'CAST'}(json_extract_string(${value.sql}, '$') AS ${duckDbType(type)})`,
      type,
    };
  }
  const word = safe ? 'TRY_CAST' : 'CAST';
  if (value.type.name === 'timestamp with time zone' && type.name !== zonedTimestamp.name) {
    return { sql: `${word}(${local(value)} AS ${duckDbType(type)})`, type };
  }
  if (value.type.name === 'varchar' && isWhole(type)) {
    // Trino takes whole numbers only; DuckDB would round 1.5.
    const checked = `CASE WHEN regexp_matches(${value.sql}, '^[+-]?[0-9]+$') THEN ${value.sql} END`;
    if (safe) return { sql: `TRY_CAST(${checked} AS ${duckDbType(type)})`, type };
    return {
      sql: `CAST(coalesce(${checked}, CASE WHEN ${value.sql} IS NOT NULL THEN athena_error('Cannot cast ''' || ${value.sql} || ''' to ${type.name.toUpperCase()}') END) AS ${duckDbType(type)})`,
      type,
    };
  }
  if (value.type.name === 'double' && isWhole(type))
    return { sql: `${word}(round(${value.sql}) AS ${duckDbType(type)})`, type };
  return { sql: `${word}(${value.sql} AS ${duckDbType(type)})`, type };
}

/** https://trino.io/docs/current/functions/conversion.html, as far as types are known here. */
function isCastable(from: SqlType, to: SqlType): boolean {
  const [a, b] = [groupOf(from), groupOf(to)];
  if (from.name === 'any' || from.name === 'unknown' || from.name === to.name) return true;
  if (b === 'json' || a === 'json') return a !== 'interval' && b !== 'interval';
  return a === b || (b === 'text' && a !== 'nested') || (a === 'text' && b !== 'nested' && b !== 'interval');
}

function groupOf(type: SqlType): string {
  if (isNumber(type) || type.name === 'boolean') return 'number';
  if (isTime(type)) return 'time';
  if (isInterval(type)) return 'interval';
  if (type.of) return 'nested';
  return type.name === 'varchar' || type.name === 'varbinary' ? 'text' : type.name;
}

function castRemedy(from: SqlType): string | undefined {
  if (isTime(from)) return 'write to_unixtime(ts) for seconds';
  return from.of ? "write array_join(list, ', ') or json_format(cast(x AS json))" : undefined;
}

function isWhole({ name }: SqlType): boolean {
  return ['tinyint', 'smallint', 'integer', 'bigint'].includes(name);
}

/** `varchar(3)` keeps so many characters. */
function cutTo(text: string, { args: [length] }: TypeName): string {
  return typeof length === 'number' ? `substr(${text}, 1, ${length})` : text;
}

/** https://trino.io/docs/current/functions/conversion.html */
export function textOf(value: Typed): string {
  switch (value.type.name) {
    case 'varchar':
    case 'ipaddress':
      return value.sql;
    case 'double':
    case 'real':
      return `athena_double_text(CAST(CAST(${value.sql} AS DOUBLE) AS VARCHAR))`;
    case 'json':
      return `athena_json_text(${value.sql})`;
    case dayInterval.name:
      return `athena_interval_text(${value.sql})`;
    case 'timestamp':
      return `strftime(${value.sql}, '%Y-%m-%d %H:%M:%S.%g')`;
    case 'timestamp with time zone':
      return `strftime(${local(value)}, '%Y-%m-%d %H:%M:%S.%g') || ' ' || ${value.type.zone ?? "'UTC'"}`;
    default:
      return `CAST(${value.sql} AS VARCHAR)`;
  }
}
