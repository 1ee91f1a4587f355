import type { EntryColumns, Fields, Parsed } from '../../line/parsed.js';
import { isError, parseLevel } from '../values/level.js';
import { parseInstant } from './instant.js';
import { type JsonObject, parseObject } from './object.js';

/**
 * The program's own line in an object of a container runtime: `{"log":"…\n","stream":"stderr","time":"…"}`. Undefined for
 * any other object. What stands beside the line stays in `fields`; its time is that of a line without one.
 *
 * https://docs.docker.com/engine/logging/drivers/json-file/
 */
export function readHeldLine(object: JsonObject, read: (line: string) => Parsed): Parsed | undefined {
  // The rest is copied only for such an object: that takes longer than all that most objects are asked here.
  if (typeof object.log !== 'string' || (object.stream !== 'stdout' && object.stream !== 'stderr')) return undefined;
  const { log, stream, time, ...others } = object;
  const parsed = read(log.trimEnd());
  const runtimeTime = parseInstant(time);
  const fields: Fields = [...parsed.fields, ['stream', stream], ...Object.entries(others)];
  if (time !== undefined && runtimeTime === undefined) fields.push(['time', time]);
  return { ...parsed, time: parsed.time ?? runtimeTime, fields };
}

/** An entry whose message is an access line: nginx's, as a supervisor or a logger of the application told it. */
export function readHeldAccess(parsed: Parsed, recognise: (line: string) => Parsed | undefined): Parsed {
  if (parsed.type === 'access') return parsed;
  const { message } = parsed.columns;
  // The quotes of the request are a first sign, which costs little.
  if (message === undefined || !message.includes('" ') || !message.includes(' HTTP/')) return parsed;
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

/**
 * An entry whose message is a JSON object, behind the head of a text line or in a line that states no level: it gives the
 * columns. A level before it wins.
 */
export function readHeldObject(parsed: Parsed, readObject: (object: JsonObject) => Parsed): Parsed {
  if (parsed.type === 'access') return parsed;
  const { message } = parsed.columns;
  // Syslog marks JSON by a cookie: https://www.rsyslog.com/doc/configuration/modules/mmjsonparse.html
  const text = message?.startsWith('@cee:') ? message.slice('@cee:'.length).trimStart() : message;
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
