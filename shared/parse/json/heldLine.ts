import type { EntryColumns, Fields, Parsed } from '../../line/parsed.js';
import { stringify } from '../../text/json.js';
import { isError, parseLevel } from '../values/level.js';
import { parseInstant } from './instant.js';
import { statesLevel } from './jsonEntry.js';
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

/** An entry whose message is pairs of key and value that state a level: those give the columns. */
export function readHeldPairs(parsed: Parsed, readPairs: (line: string) => Parsed | undefined): Parsed {
  if (parsed.type === 'access') return parsed;
  const { message = '', level } = parsed.columns;
  const inner = firstPair.test(message) ? readPairs(message) : undefined;
  if (inner === undefined || inner.type === 'access') return inner ? join(parsed, inner) : parsed;
  // `INFO level=3 …` is a message about a level.
  const isEntry = inner.columns.level !== undefined && (level === undefined || inner.columns.message !== undefined);
  return isEntry ? join(parsed, inner) : parsed;
}

const firstPair = /^[A-Za-z_][\w.-]{0,63}=/;

/**
 * An entry whose message is a JSON object, behind the head of a text line or in a line that states no level: it gives the
 * columns, its level only beside a message or where there is none before it.
 */
export function readHeldObject(parsed: Parsed, readObject: (object: JsonObject) => Parsed): Parsed {
  if (parsed.type === 'access') return parsed;
  const object = heldObject(parsed.columns);
  if (!object) return parsed;
  const inner = readObject(object);
  const { level } = parsed.columns;
  if (inner.type === 'access' || level === undefined || isEntry(inner.columns, object)) return join(parsed, inner);
  const { level: other, ...columns } = inner.columns;
  const fields: Fields = other === undefined || other === level ? inner.fields : [...inner.fields, ['level', other]];
  return join(parsed, { ...inner, columns, fields });
}

/** The same for a JSON line that states a level: an object in its message that is no entry, such as an answer, stays a text. */
export function readHeldEntry(parsed: Parsed, line: JsonObject, readObject: (object: JsonObject) => Parsed): Parsed {
  if (parsed.type === 'access') return parsed;
  const object = heldObject(parsed.columns);
  // An error without a message of its own has its whole line for one.
  if (!object || parsed.columns.message === stringify(line)) return parsed;
  const inner = readObject(object);
  return inner.type === 'access' || isEntry(inner.columns, object) ? join(parsed, inner) : parsed;
}

function heldObject({ message }: EntryColumns): JsonObject | undefined {
  const text = message?.startsWith(COOKIE) ? message.slice(COOKIE.length).trimStart() : message;
  return text?.startsWith('{') && text.endsWith('}') ? parseObject(text) : undefined;
}

/** Whether the object states both a level and a message, as loggers write them. */
export function isEntry({ level, message, stack }: EntryColumns, object: JsonObject): boolean {
  if (level === undefined || message === undefined) return false;
  // Of an error, either may have been told from the rest of the object.
  return level !== 'error' || ((stack === undefined || statesLevel(object)) && message !== stringify(object));
}

/** The inner line with what else the outer one says. Of a column that both state, the outer one's value goes to `fields`. */
function join({ time: outerTime, columns: { message = '', ...outer }, fields }: ParsedEntry, inner: Parsed): Parsed {
  const time = inner.time ?? outerTime;
  if (inner.type === 'access') {
    return { ...inner, time, fields: [...inner.fields, ...Object.entries(outer), ...fields] };
  }
  const columns: EntryColumns = { message, ...outer, ...inner.columns };
  const differing = Object.entries(outer).filter(([key, value]) => columns[key as keyof EntryColumns] !== value);
  const type = isError(parseLevel(columns.level)) ? 'error' : 'app';
  return { type, time, columns, fields: [...fields, ...inner.fields, ...differing] };
}

type ParsedEntry = Extract<Parsed, { type: 'error' | 'app' }>;

/** Syslog marks JSON by it: https://www.rsyslog.com/doc/configuration/modules/mmjsonparse.html */
const COOKIE = '@cee:';
