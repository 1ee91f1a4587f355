import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { toJsonEntry } from '../../json/jsonEntry.js';
import type { JsonObject } from '../../json/object.js';

/**
 * PostgreSQL with `log_destination = jsonlog`: known by `error_severity` beside a message.
 *
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-JSONLOG
 */
export const postgresJson: JsonFormat = {
  name: 'postgres-json',
  keys: ['error_severity'],
  samples: [
    {
      of: 'PostgreSQL, jsonlog',
      line: '{"timestamp":"2026-11-22 16:41:36.256 UTC","user":"shop","dbname":"orders","pid":7,"session_id":"69a1b2c3.7","line_num":3,"error_severity":"ERROR","state_code":"42P01","message":"relation \\"x\\" does not exist","statement":"select * from x","backend_type":"client backend","query_id":0}',
    },
  ],
  parse: parsePostgres,
};

const keys = new EntryKeys({ time: ['timestamp'], level: ['error_severity'], message: ['message'] });

function parsePostgres(object: JsonObject): Parsed | undefined {
  const { error_severity: severity, message } = object;
  if (typeof severity !== 'string' || typeof message !== 'string') return undefined;
  const found = keys.find(object);
  if (/^DEBUG[1-5]$/.test(severity)) {
    found.values.level = 'debug';
    found.takeRest('error_severity');
  }
  return toJsonEntry(found);
}
