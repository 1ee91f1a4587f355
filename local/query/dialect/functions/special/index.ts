import { type Context, refuse } from '../../context.js';
import type { Call, Expression } from '../../syntax.js';
import { alike, as, local, quoteText, type Typed } from '../../typed.js';
import { bigint, isInterval, isTime, showType, timestamp, unknown, varchar, zonedTimestamp } from '../../types.js';
import { unknownToRe2 } from '../literals.js';
import { fromJoda, fromMySql } from './formats.js';

type Placed = Call & { readonly at: number };
type Special = (context: Context, call: Placed, args: readonly Typed[]) => Typed;

/** Functions whose arguments decide what is meant, rather than only their types. */
export const specialFunctions: Readonly<Record<string, Special>> = {
  coalesce: (context, call, args) => {
    const { sqls, type } = common(context, call, args);
    return { sql: `coalesce(${sqls.join(', ')})`, type };
  },
  nullif: (context, call, args) => {
    const { sqls, type } = common(context, call, exactly(context, call, args, 2));
    return { sql: `nullif(${sqls.join(', ')})`, type };
  },
  if: (context, call, args) => {
    if (args.length < 2 || args.length > 3) refuse(context, call, 'if takes a condition and one or two values');
    const [condition, ...values] = args as [Typed, ...Typed[]];
    const { sqls, type } = common(context, call, values);
    return { sql: `CASE WHEN ${condition.sql} THEN ${sqls[0]} ELSE ${sqls[1] ?? 'NULL'} END`, type };
  },
  // Trino's are null when any is; DuckDB's leave nulls out.
  greatest: (context, call, args) => extreme(context, call, args),
  least: (context, call, args) => extreme(context, call, args),
  concat: (context, call, args) => {
    const { sqls, type } = common(context, call, args);
    if (type.name !== 'varchar' && type.name !== 'array' && type.name !== 'any') {
      refuse(context, call, `concat takes text, not ${showType(type)}`, 'write cast(x AS varchar)');
    }
    return { sql: `(${sqls.join(' || ')})`, type };
  },
  try: (context, call, args) => {
    const [value] = exactly(context, call, args, 1);
    return value ? { sql: `TRY(${value.sql})`, type: value.type } : nothing;
  },
  regexp_replace: (context, call, args) => {
    const [text, pattern, replacement] = args;
    if (!text || !pattern || args.length > 3)
      refuse(context, call, 'regexp_replace takes text, a pattern and a replacement');
    texts(context, call, args);
    checkRegex(context, call.args[1]);
    const written = call.args[2];
    if (written?.kind === 'lambda') refuse(context, written, 'a function as replacement runs in Athena only');
    return {
      sql: `regexp_replace(${text.sql}, ${pattern.sql}, ${replaced(written, replacement)}, 'g')`,
      type: varchar,
    };
  },
  date_format: (context, call, args) => {
    const [time, format] = formatted(context, call, args, fromMySql);
    return { sql: `strftime(${local(time)}, ${format})`, type: varchar };
  },
  format_datetime: (context, call, args) => {
    const [time, format] = formatted(context, call, args, fromJoda);
    return { sql: `strftime(${local(time)}, ${format})`, type: varchar };
  },
  date_parse: (context, call, args) => {
    const [text, format] = formatted(context, call, args, fromMySql);
    return { sql: `strptime(${text.sql}, ${format})`, type: timestamp };
  },
  parse_datetime: (context, call, args) => {
    const [text, format] = formatted(context, call, args, fromJoda);
    return { sql: `timezone('UTC', strptime(${text.sql}, ${format}))`, type: zonedTimestamp };
  },
  date_trunc: (context, call, args) => {
    const unit = unitOf(context, call, call.args[0], true);
    const time = timeArgument(context, call, args, 1, 2);
    const truncated = `date_trunc('${unit}', ${local(time)})`;
    if (time.type.name === 'date') return { sql: `CAST(${truncated} AS DATE)`, type: time.type };
    return { sql: zoned(truncated, time), type: time.type };
  },
  date_add: (context, call, args) => {
    const unit = unitOf(context, call, call.args[0], false);
    const time = timeArgument(context, call, args, 2, 3);
    const moved = `(${local(time)} + to_${unit}s(CAST(${args[1]?.sql} AS ${wholeUnits.includes(unit) ? 'INTEGER' : 'BIGINT'})))`;
    if (time.type.name === 'date') return { sql: `CAST(${moved} AS DATE)`, type: time.type };
    return { sql: zoned(moved, time), type: time.type };
  },
  date_diff: (context, call, args) => {
    const unit = unitOf(context, call, call.args[0], false);
    const from = timeArgument(context, call, args, 1, 3);
    const to = timeArgument(context, call, args, 2, 3);
    const both = common(context, call, [from, to]);
    // Whole units that have passed: DuckDB's date_diff counts borders.
    return {
      sql: `date_sub('${unit}', ${both.sqls.map((sql) => local({ sql, type: both.type })).join(', ')})`,
      type: bigint,
    };
  },
  at_timezone: (context, call, args) => {
    const [time] = exactly(context, call, args, 2) as [Typed, Typed];
    return atTimeZone(context, call, time, call.args[1] as Expression);
  },
  with_timezone: (context, call, args) => {
    const [time] = exactly(context, call, args, 2) as [Typed, Typed];
    const zone = zoneOf(context, call.args[1] as Expression);
    return { sql: `timezone(${zone}, ${as(time, timestamp)})`, type: { ...zonedTimestamp, zone } };
  },
  approx_most_frequent: (context, call) =>
    refuse(
      context,
      call,
      'approx_most_frequent runs in Athena only',
      'here write GROUP BY … ORDER BY count(*) DESC LIMIT n',
    ),
  zip: (context, call) => refuse(context, call, 'zip runs in Athena only', 'UNNEST takes several arrays'),
};

/** A moment shown in another zone. */
export function atTimeZone(context: Context, part: { readonly at: number }, time: Typed, zone: Expression): Typed {
  if (!isTime(time.type) && time.type.name !== 'any') {
    refuse(context, part, `AT TIME ZONE takes a timestamp, not ${showType(time.type)}`);
  }
  return { sql: as(time, zonedTimestamp), type: { ...zonedTimestamp, zone: zoneOf(context, zone) } };
}

/** A zone belongs to the type here, since DuckDB keeps none with a moment: it has to be known before a query runs. */
function zoneOf(context: Context, zone: Expression): string {
  if (zone.kind === 'string') return quoteText(zone.value);
  return refuse(context, zone, 'a time zone must be written out here', "for example 'Europe/Berlin'");
}

/** @throws for a pattern that DuckDB can't search for */
export function checkRegex(context: Context, pattern: Expression | undefined): void {
  if (pattern?.kind !== 'string') return;
  const part = unknownToRe2(pattern.value);
  if (part === undefined) return;
  const remedy = 'ask Athena with --athena, or write the expression without it';
  refuse(context, pattern, `${part} in a regular expression runs in Athena only`, remedy);
}

const nothing: Typed = { sql: 'NULL', type: unknown };

function extreme(context: Context, call: Placed, args: readonly Typed[]): Typed {
  const { sqls, type } = common(context, call, args);
  // The values stand once, whatever they are.
  const found = `CASE WHEN len(values) = len(list_filter(values, lambda x: x IS NOT NULL)) THEN list_${call.name === 'least' ? 'min' : 'max'}(values) END`;
  return { sql: `list_transform([[${sqls.join(', ')}]], lambda values: ${found})[1]`, type };
}

function common(context: Context, call: Placed, args: readonly Typed[]) {
  if (args.length === 0) refuse(context, call, `${call.name} takes values`);
  const found = alike(args);
  const types = args.map(({ type }) => showType(type)).join(', ');
  return (
    found ?? refuse(context, call, `${call.name} takes values of one type, not ${types}`, 'write cast(x AS varchar)')
  );
}

function exactly(context: Context, call: Placed, args: readonly Typed[], n: number): readonly Typed[] {
  return args.length === n ? args : refuse(context, call, `${call.name} takes ${n} values, not ${args.length}`);
}

function texts(context: Context, call: Placed, args: readonly Typed[]): void {
  for (const { type } of args) {
    if (!['varchar', 'unknown', 'any'].includes(type.name))
      refuse(context, call, `${call.name} takes text, not ${showType(type)}`, 'write cast(x AS varchar)');
  }
}

/** Groups are `$1` to Trino, `\1` to DuckDB; `\$` is a dollar. */
function replaced(written: Expression | undefined, replacement: Typed | undefined): string {
  if (!replacement) return "''";
  if (written?.kind !== 'string') return `regexp_replace(${replacement.sql}, '\\$(\\d)', '\\\\\\1', 'g')`;
  const spelled = written.value.replaceAll(/\\(.)|\$(\d)|\\$/gs, (piece, escaped?: string, group?: string) => {
    if (group !== undefined) return `\\${group}`;
    return escaped === '\\' ? '\\\\' : (escaped ?? piece);
  });
  return quoteText(spelled);
}

function formatted(
  context: Context,
  call: Placed,
  args: readonly Typed[],
  spell: (format: string) => string | undefined,
): [Typed, string] {
  const [first] = exactly(context, call, args, 2) as [Typed, Typed];
  const wantsTime = call.name === 'date_format' || call.name === 'format_datetime';
  if (wantsTime && first.type.name === 'date')
    return formatted(context, call, [{ sql: as(first, timestamp), type: timestamp }, args[1] as Typed], spell);
  if (wantsTime ? !isTime(first.type) && first.type.name !== 'any' : first.type.name !== 'varchar') {
    refuse(context, call, `${call.name} takes a ${wantsTime ? 'timestamp' : 'text'}, not ${showType(first.type)}`);
  }
  const format = call.args[1];
  if (format?.kind !== 'string') return refuse(context, call, `the format of ${call.name} must be written out here`);
  const spelled = spell(format.value);
  if (spelled === undefined) refuse(context, format, `${call.name} can't show ${format.value} here`);
  return [first, quoteText(spelled)];
}

const units = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
/** Those that DuckDB counts in 32 bits. */
const wholeUnits = ['day', 'week', 'month', 'quarter', 'year'];

function unitOf(context: Context, call: Placed, written: Expression | undefined, truncates: boolean): string {
  const known = written?.kind === 'string' ? written.value.toLowerCase() : '';
  if (units.includes(known)) return known;
  const remedy = `write ${call.name}('hour', ${truncates ? 'ts' : '…'}); there are ${units.join(', ')}`;
  return refuse(context, written ?? call, `the unit of ${call.name} is none that Athena knows`, remedy);
}

function timeArgument(context: Context, call: Placed, args: readonly Typed[], at: number, n: number): Typed {
  const time = exactly(context, call, args, n)[at];
  if (time && (isTime(time.type) || time.type.name === 'any') && !isInterval(time.type)) return time;
  const found = showType(time?.type ?? unknown);
  return refuse(
    context,
    call.args[at] ?? call,
    `${call.name} takes a date or timestamp, not ${found}`,
    "write timestamp '…' or date(…)",
  );
}

/** A local time back in the zone that it came from. */
function zoned(sql: string, { type }: Typed): string {
  return type.name === 'timestamp with time zone' ? `timezone(${type.zone ?? "'UTC'"}, ${sql})` : sql;
}
