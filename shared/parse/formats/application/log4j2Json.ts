import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { parseInstant } from '../../json/instant.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { isObject, type JsonObject } from '../../json/object.js';
import { declareRead } from '../../json/readPaths.js';

/**
 * log4j2's own JSON layout, known by its `instant` (or `timeMillis`) beside `loggerName`.
 *
 * https://logging.apache.org/log4j/2.x/manual/layouts.html#JSONLayout
 */
export const log4j2Json: JsonFormat = {
  name: 'log4j2-json',
  keys: ['loggerName'],
  samples: [
    {
      of: 'log4j2, JsonLayout',
      line: '{"instant":{"epochSecond":1795365697,"nanoOfSecond":445123000},"thread":"main","level":"ERROR","loggerName":"com.shop.Checkout","message":"checkout failed","thrown":{"commonElementCount":0,"localizedMessage":"no stock","message":"no stock","name":"java.lang.IllegalStateException","extendedStackTrace":[{"class":"com.shop.Checkout","method":"run","file":"Checkout.java","line":52,"exact":true,"location":"app.jar","version":"1.4"}]},"contextMap":{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"},"endOfBatch":false,"loggerFqcn":"org.apache.logging.slf4j.Log4jLogger","threadId":1,"threadPriority":5}',
    },
  ],
  parse: parseLog4j2,
};

declareRead(['thrown']);
const keys = new EntryKeys({ time: ['instant', 'timeMillis'], exception: ['thrown.name'] }, commonKeys);

function parseLog4j2(object: JsonObject): Parsed | undefined {
  if (!Object.hasOwn(object, 'loggerName')) return undefined;
  if (parseInstant(object.instant) === undefined && typeof object.timeMillis !== 'number') return undefined;
  const found = keys.find(object);
  const stack = isObject(object.thrown) ? throwable(object.thrown, '') : undefined;
  if (stack !== undefined && found.values.stack === undefined) {
    found.values.stack = stack;
    found.takeRest('thrown');
  }
  return toJsonEntry(found);
}

/** A throwable as Java prints it; undefined when it says what Java wouldn't print, which would then be lost. */
function throwable(thrown: JsonObject, indent: string): string | undefined {
  const {
    name,
    message,
    localizedMessage,
    extendedStackTrace: trace,
    cause,
    suppressed,
    commonElementCount,
    ...other
  } = thrown;
  if (typeof name !== 'string' || Object.keys(other).length > 0) return undefined;
  if (localizedMessage !== undefined && localizedMessage !== message) return undefined;
  if (typeof trace === 'string') return cause === undefined && suppressed === undefined ? trace : undefined;
  const lines = [message === undefined ? name : `${name}: ${String(message)}`];
  for (const frame of Array.isArray(trace) ? trace : []) {
    if (!isObject(frame)) return undefined;
    lines.push(`${indent}\tat ${frameText(frame)}`);
  }
  if (typeof commonElementCount === 'number' && commonElementCount > 0) {
    lines.push(`${indent}\t... ${commonElementCount} more`);
  }
  for (const each of Array.isArray(suppressed) ? suppressed : []) {
    const text = isObject(each) ? throwable(each, `${indent}\t`) : undefined;
    if (text === undefined) return undefined;
    lines.push(`${indent}\tSuppressed: ${text}`);
  }
  if (cause !== undefined && cause !== null) {
    const text = isObject(cause) ? throwable(cause, indent) : undefined;
    if (text === undefined) return undefined;
    lines.push(`${indent}Caused by: ${text}`);
  }
  return lines.join('\n');
}

/** `com.shop.Checkout.run(Checkout.java:52) ~[app.jar:1.4]`; the tilde says that the jar is a guess. */
function frameText({ class: type, method, file, line, exact, location, version }: JsonObject): string {
  // Java's own numbers for a native method and for an unknown line.
  const place =
    line === -2
      ? 'Native Method'
      : file === undefined
        ? 'Unknown Source'
        : Number(line) >= 0
          ? `${file}:${line}`
          : `${file}`;
  const jar = location === undefined ? '' : ` ${exact === true ? '' : '~'}[${location}:${version ?? '?'}]`;
  return `${type}.${method}(${place})${jar}`;
}
