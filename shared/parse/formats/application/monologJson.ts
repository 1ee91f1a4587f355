import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import { isObject, type JsonObject } from '../../json/object.js';
import { declareRead } from '../../json/readPaths.js';
import { parseTime } from '../../values/time.js';

/**
 * Monolog's JSON, of PHP frameworks such as Laravel and Symfony: known by `level_name` and `channel`.
 *
 * https://github.com/Seldaek/monolog/blob/main/doc/message-structure.md
 */
export const monologJson: JsonFormat = {
  name: 'monolog-json',
  keys: ['level_name'],
  samples: [
    {
      of: 'Monolog, JsonFormatter',
      line: '{"message":"checkout failed","context":{"order":7,"exception":{"class":"App\\\\StockException","message":"no stock","code":3,"file":"/app/src/Stock.php:12","trace":["/app/src/Cart.php:7","/app/public/index.php:3"]}},"level":400,"level_name":"ERROR","channel":"shop","datetime":"2026-11-22T16:41:36.256123+00:00","extra":{}}',
    },
    {
      of: 'Monolog 1, JsonFormatter',
      line: '{"message":"stock low","context":[],"level":300,"level_name":"WARNING","channel":"shop","datetime":{"date":"2026-11-22 16:41:36.256123","timezone_type":3,"timezone":"UTC"},"extra":[]}',
    },
  ],
  parse: parseMonolog,
};

declareRead(['context.exception']);
const keys = new EntryKeys(
  {
    level: ['level_name'],
    logger: ['channel'],
    exception: ['context.exception.class'],
    thrown: ['context.exception.message'],
  },
  commonKeys,
);

function parseMonolog(object: JsonObject): Parsed | undefined {
  if (typeof object.level_name !== 'string' || typeof object.channel !== 'string') return undefined;
  const found = keys.find(object);
  if (isObject(object.datetime)) {
    const { date, timezone } = object.datetime;
    // Other zones than UTC are named by place, and stay as they are.
    const time = timezone === 'UTC' || timezone === '+00:00' ? parseTime(`${date}Z`) : undefined;
    if (time !== undefined) {
      found.giveBack('time');
      found.values.time = time;
      found.takeRest('datetime');
    }
  }
  // PHP writes an empty map as `[]` or `{}`.
  for (const key of ['context', 'extra']) {
    const value = object[key];
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) found.takeRest(key);
  }
  const exception = isObject(object.context) ? object.context.exception : undefined;
  if (isObject(exception)) found.values.stack ??= phpStack(exception);
  return toJsonEntry(found);
}

/** A throwable as PHP prints it. Monolog leaves out what was called, and its parts stay in `fields` beside their code. */
function phpStack({ class: type, message, file, trace }: JsonObject): string | undefined {
  if (!Array.isArray(trace)) return undefined;
  return [`${type}: ${message} in ${file}`, ...trace.map((place, index) => `#${index} ${String(place)}`)].join('\n');
}
