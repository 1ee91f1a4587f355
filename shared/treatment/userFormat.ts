import type { Fields, Parsed } from '../line/parsed.js';
import { type LogType, tables } from '../line/schema/index.js';
import { readWithin } from '../parse/index.js';
import { isObject, type JsonObject, parseObject } from '../parse/json/object.js';
import { withoutPaths } from '../parse/json/withoutPaths.js';
import { isError, levelOfSeverity, parseLevel } from '../parse/values/level.js';
import { readCount, readDecimal, readStatus } from '../parse/values/number.js';
import { splitRequest, splitTarget } from '../parse/values/request.js';
import { parseTime } from '../parse/values/time.js';
import { undress, unwrap } from '../text/lineDress.js';
import { compilePattern } from '../text/pattern.js';
import type { FormatConfig } from './lineConfig.js';
import { compileLogFormat, type StatedLogFormat } from './logFormat/logFormat.js';

/** Reads a line as a format of the configuration says; undefined leaves it to the next format. */
export type LineParser = (log: string | JsonObject) => Parsed | undefined;

/**
 * Compiles a format to a reader of lines, within whatever their way put around them.
 *
 * @throws SyntaxError when the pattern is not valid, LogFormatError when the log format is not; `loadConfig` refuses those.
 */
export function compileFormat(format: FormatConfig): LineParser {
  const parse = compileBare(format);
  return (log) => {
    if (typeof log !== 'string') return parse(log);
    const parsed = readWithin(log, parse);
    if (parsed) return parsed;
    // A format may know of what is around its lines.
    const line = undress(log);
    return unwrap(line) ? parse(line) : undefined;
  };
}

function compileBare(format: FormatConfig): LineParser {
  if ('pattern' in format) return patternParser(format.pattern, format.type);
  return 'keys' in format ? keysParser(format.keys, format.type) : logFormatParser(format, format.type);
}

function patternParser(source: string, type: LogType | undefined): LineParser {
  const pattern = compilePattern(source);
  return (line) => {
    const groups = typeof line === 'string' ? pattern.exec(line)?.groups : undefined;
    if (!groups) return undefined;
    return toColumns(type ?? typeOf(Object.keys(groups)), Object.entries(groups), [], line);
  };
}

function keysParser(keys: Readonly<Record<string, string>>, stated: LogType | undefined): LineParser {
  const mapping = Object.entries(keys);
  const type = stated ?? typeOf(Object.keys(keys));
  return (log) => {
    const object = typeof log === 'string' ? parseObject(log) : log;
    if (!object || readPath(object, mapping[0]?.[1] ?? '') === undefined) return undefined;
    const values = mapping.map(([column, key]): Value => [column, readPath(object, key)]);
    const used = mapping.flatMap(([, key]) => [findPath(object, key) ?? []]);
    return toColumns(type, values, Object.entries(withoutPaths(object, used)), log);
  };
}

/** A server's line is an access line; one that is wanted as another keeps its text in `message`. */
function logFormatParser(stated: StatedLogFormat, type: LogType | undefined): LineParser {
  const { parse } = compileLogFormat(stated);
  if (type === undefined || type === 'access') return parse;
  return (log) => {
    const parsed = parse(log);
    if (!parsed) return undefined;
    const message = typeof log === 'string' ? log : JSON.stringify(log);
    return {
      type,
      time: parsed.time,
      columns: { message },
      fields: [...Object.entries(parsed.columns), ...parsed.fields],
    };
  };
}

type Value = readonly [column: string, value: unknown];

/** Undefined when the level decides between error and app. */
function typeOf(columns: readonly string[]): LogType | undefined {
  return columns.some((column) => ['status', 'path', 'request'].includes(column)) ? 'access' : undefined;
}

function toColumns(
  type: LogType | undefined,
  values: readonly Value[],
  rest: Fields,
  log: string | JsonObject,
): Parsed {
  const isAccess = type === 'access';
  const known = tables[isAccess ? 'access' : 'app'];
  const columns: Record<string, unknown> = {};
  const fields: Fields = [];
  let time: number | undefined;
  for (const [name, value] of values) {
    if (value === undefined || value === null || (isAccess && value === '-')) continue;
    if (name === 'time') {
      time = parseTime(typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value);
      if (time === undefined) fields.push([name, value]);
    } else if (isAccess && name === 'request' && typeof value === 'string') {
      Object.assign(columns, splitRequest(value));
    } else if (isAccess && name === 'path' && typeof value === 'string') {
      Object.assign(columns, splitTarget(value));
    } else {
      const column = isOwnColumn(name) ? columnValue(known[name]?.type, name, value) : undefined;
      if (column === undefined) fields.push([name, value]);
      else columns[name] = column;
    }
  }
  fields.push(...rest);
  if (type === 'access') return { type, time, columns, fields };
  const level = parseLevel(columns.level);
  const message =
    typeof columns.message === 'string' ? columns.message : typeof log === 'string' ? log : JSON.stringify(log);
  const isFailure = isError(level) || columns.exception !== undefined;
  return { type: type ?? (isFailure ? 'error' : 'app'), time, columns: { ...columns, message }, fields };
}

/** The collector's columns, and those that are worked out, are not a format's to fill. */
function isOwnColumn(name: string): boolean {
  return !['ts', 'service', 'source', 'task', 'cluster', 'fields', 'fingerprint'].includes(name);
}

/** Undefined when the value does not fit the column, or there is no such column. */
function columnValue(type: string | undefined, name: string, value: unknown): unknown {
  if (type === undefined) return undefined;
  // The configuration says that it is a level: a small number can only be a severity of syslog.
  if (name === 'level')
    return parseLevel(value) ?? (/^[0-7]$/.test(String(value)) ? levelOfSeverity(Number(value)) : undefined);
  if (type === 'string') return typeof value === 'object' ? undefined : String(value);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return numberReaders[name as keyof typeof numberReaders]?.(text);
}

/** A number that its column can't hold exactly would make every query of the column fail. */
const numberReaders = { status: readStatus, bytes: readCount, duration_ms: readDecimal } as const;

/** Where {@link readPath} finds a value. */
function findPath(object: JsonObject, path: string): readonly string[] | undefined {
  if (Object.hasOwn(object, path)) return [path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    const child = Object.hasOwn(object, key) ? object[key] : undefined;
    const rest = isObject(child) ? findPath(child, path.slice(dot + 1)) : undefined;
    if (rest) return [key, ...rest];
  }
  return undefined;
}

/** A key that holds dots itself wins over a nested one. */
export function readPath(object: JsonObject, path: string): unknown {
  return findPath(object, path)?.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), object);
}
