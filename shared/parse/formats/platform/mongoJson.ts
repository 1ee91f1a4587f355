import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { parseInstant } from '../../json/instant.js';
import { toJsonEntry } from '../../json/jsonEntry.js';
import { isObject, type JsonObject } from '../../json/object.js';
import { declareRead } from '../../json/readPaths.js';
import type { Level } from '../../values/level.js';

/**
 * MongoDB since 4.4: known by its time `t`, its severity `s` and its component `c`.
 *
 * https://www.mongodb.com/docs/manual/reference/log-messages/#structured-logging
 */
export const mongoJson: JsonFormat = {
  name: 'mongodb-json',
  keys: ['t'],
  samples: [
    {
      of: 'MongoDB',
      line: '{"t":{"$date":"2026-11-22T16:41:36.256+00:00"},"s":"E","c":"STORAGE","id":22435,"ctx":"conn12","msg":"WiredTiger error","attr":{"error":-31804}}',
    },
  ],
  parse: parseMongo,
};

declareRead(['s']);
const keys = new EntryKeys({ time: ['t'], message: ['msg'], logger: ['c'] });

function parseMongo(object: JsonObject): Parsed | undefined {
  const { t: time, s: severity, c: component, msg } = object;
  if (!isObject(time) || parseInstant(time) === undefined || typeof severity !== 'string') return undefined;
  if (typeof component !== 'string' || typeof msg !== 'string') return undefined;
  const found = keys.find(object);
  found.values.level = severities[severity];
  if (found.values.level) found.takeRest('s');
  return toJsonEntry(found);
}

/** Debug messages say how verbose they are: D1 to D5. */
const severities: Readonly<Record<string, Level>> = {
  F: 'fatal',
  E: 'error',
  W: 'warn',
  I: 'info',
  D: 'debug',
  D1: 'debug',
  D2: 'debug',
  D3: 'debug',
  D4: 'debug',
  D5: 'debug',
};
