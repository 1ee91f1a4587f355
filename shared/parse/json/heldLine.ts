import type { EntryColumns, Fields, Parsed } from '../../line/parsed.js';
import { isError, parseLevel } from '../values/level.js';
import { parseInstant } from './instant.js';
import { type JsonObject, parseObject } from './object.js';
import { declareRead } from './readPaths.js';

/**
 * The program's own line in an object of a container runtime: `{"log":"…\n","stream":"stderr","time":"…"}`. Undefined for
 * any other object. What stands beside the line stays in `fields`; its time is that of a line without one.
 *
 * https://docs.docker.com/engine/logging/drivers/json-file/
 */
export function readHeldLine(object: JsonObject, read: (line: string) => Parsed): Parsed | undefined {
  // The rest is copied only for such an object: that takes longer than all that most objects are asked here.
  if (!isHolder(object)) return undefined;
  const { log, stream, time, ...others } = object;
  const parsed = read(log.trimEnd());
  const runtimeTime = parseInstant(time);
  const fields: Fields = [...parsed.fields, ['stream', stream], ...Object.entries(others)];
  if (time !== undefined && runtimeTime === undefined) fields.push(['time', time]);
  return { ...parsed, time: parsed.time ?? runtimeTime, fields };
}

/** Whether a container runtime wrote the object. */
export function isHolder(object: JsonObject): object is JsonObject & { readonly log: string } {
  return typeof object.log === 'string' && (object.stream === 'stdout' || object.stream === 'stderr');
}

declareRead(['log', 'stream']);

/** An entry whose message is an access line: nginx's, as a supervisor or a logger of the application told it. */
export function readHeldAccess(parsed: Parsed, recognise: (line: string) => Parsed | undefined): Parsed {
  if (parsed.type === 'access') return parsed;
  const { message } = parsed.columns;
  if (message === undefined || !mayHoldAccess(message)) return parsed;
  const line = message.trim();
  // An error without a message of its own has its whole line for one, which holds no other.
  if (line.startsWith('{')) return parsed;
  const access = recognise(line);
  if (access?.type !== 'access') return parsed;
  const { message: _, ...others } = parsed.columns;
  return {
    ...access,
    time: access.time ?? parsed.time,
    fields: [...access.fields, ...Object.entries(others), ...parsed.fields],
  };
}

/** The quotes of the request are a first sign, which costs little. */
function mayHoldAccess(message: string): boolean {
  return message.includes('" ') && message.includes(' HTTP/');
}

/** Whether the message of an application's JSON line may hold another line, which then gives the columns. False is certain. */
export function mayHoldLine(message: string): boolean {
  return mayHoldAccess(message) || message.startsWith('{') || message.startsWith(COOKIE);
}

/**
 * An entry in JSON behind the name of who wrote it: `web.1: {"level":"info","msg":"…"}`. Undefined for any other line, such as
 * one of words about an object.
 */
export function readTagged(line: string, readObject: (object: JsonObject) => Parsed): Parsed | undefined {
  if (!line.endsWith('}')) return undefined;
  const tag = nameTag.exec(line)?.[0];
  const object = tag === undefined ? undefined : parseObject(line.slice(tag.length));
  if (tag === undefined || !object) return undefined;
  const parsed = readObject(object);
  const isEntry =
    parsed.type === 'access' || (parsed.columns.level !== undefined && parsed.columns.message !== undefined);
  return isEntry ? { ...parsed, fields: [...parsed.fields, ['prefix', tag.trimEnd()]] } : undefined;
}

/** A name in brackets, with a process or before a colon; or one that holds a dash or dot and a digit, as those of containers do. */
const nameTag =
  /^(?:\[[^\]\s]{1,64}\]|[\w./-]{1,64}(?:\[\d{1,10}\]:?|:)|[a-z][a-z\d_]{0,40}[.-][\w.-]{0,40}\d)\s{1,20}(?=\{)/;

/** An entry that states no level, and whose message is pairs of key and value that do: those give the columns. */
export function readHeldPairs(parsed: Parsed, readPairs: (line: string) => Parsed | undefined): Parsed {
  if (parsed.type === 'access') return parsed;
  const { message = '', ...outer } = parsed.columns;
  const inner = outer.level === undefined && firstPair.test(message) ? readPairs(message) : undefined;
  const isEntry = inner?.type === 'access' || (inner !== undefined && inner.columns.level !== undefined);
  if (!inner || !isEntry) return parsed;
  const fields: Fields = [...parsed.fields, ...inner.fields];
  const time = inner.time ?? parsed.time;
  if (inner.type === 'access') return { ...inner, time, fields: [...fields, ...Object.entries(outer)] };
  return { ...inner, time, columns: { message, ...outer, ...inner.columns }, fields };
}

const firstPair = /^[A-Za-z_][\w.-]{0,63}=/;

/**
 * An entry whose message is a JSON object, behind the head of a text line or in a line that states no level: it gives the
 * columns. A level before it wins.
 */
export function readHeldObject(parsed: Parsed, readObject: (object: JsonObject) => Parsed): Parsed {
  if (parsed.type === 'access') return parsed;
  const { message } = parsed.columns;
  const text = message?.startsWith(COOKIE) ? message.slice(COOKIE.length).trimStart() : message;
  if (message === undefined || !text?.startsWith('{') || !text.endsWith('}')) return parsed;
  const object = parseObject(text);
  if (!object) return parsed;
  const { message: _, ...outer } = parsed.columns;
  const inner = readObject(object);
  const time = inner.time ?? parsed.time;
  if (inner.type === 'access') {
    return { ...inner, time, fields: [...inner.fields, ...Object.entries(outer), ...parsed.fields] };
  }
  const columns: EntryColumns = { message, ...outer, ...inner.columns };
  const fields: Fields = [...parsed.fields, ...inner.fields];
  if (outer.level !== undefined) {
    columns.level = outer.level;
    if (inner.columns.level !== undefined && inner.columns.level !== outer.level) {
      fields.push(['level', inner.columns.level]);
    }
  }
  return { type: isError(parseLevel(columns.level)) ? 'error' : 'app', time, columns, fields };
}

/** Syslog marks JSON by it: https://www.rsyslog.com/doc/configuration/modules/mmjsonparse.html */
const COOKIE = '@cee:';
