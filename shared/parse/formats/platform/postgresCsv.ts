import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { numberOrText } from '../../tokens.js';
import { levelOf } from './postgres.js';

/**
 * PostgreSQL with `log_destination = csvlog`. What no column holds is named as PostgreSQL names it in its JSON log.
 *
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG
 */
export const postgresCsv: TextFormat = {
  name: 'postgres-csv',
  first: /\d/,
  dates: ['2026-11-22 '],
  samples: [
    {
      of: 'PostgreSQL, csvlog',
      line: '2026-11-22 16:41:02.123 UTC,"shop","orders",7,"10.0.0.7:51234",69a1b2c3.7,3,"SELECT",2026-11-22 16:40:00 UTC,3/4,0,ERROR,42P01,"relation ""x"" does not exist",,,,,,"select * from x",15,,"psql","client backend",,0',
    },
    {
      of: 'PostgreSQL, csvlog, of the server itself',
      line: '2026-11-22 16:41:02.123 UTC,,,1,,69a1b2c3.1,1,,2026-11-22 16:40:00 UTC,,0,LOG,00000,"database system is ready to accept connections",,,,,,,,,"","postmaster",,0',
    },
  ],
  parse: parsePostgresCsv,
};

function parsePostgresCsv(line: string): Parsed | undefined {
  const values = start.test(line) ? splitValues(line) : undefined;
  if (!values || values.length < oldest) return undefined;
  const value = (key: (typeof keys)[number]) => values[keys.indexOf(key)] ?? '';
  const severity = value('error_severity');
  if (!severities.test(severity)) return undefined;
  const fields: Fields = keys.flatMap((key, index) => {
    const text = values[index] ?? '';
    return text === '' || ownColumn.has(key) ? [] : [[key, ids.has(key) ? text : numberOrText(text)]];
  });
  const added = values.slice(keys.length);
  if (added.length > 0) fields.push(['tail', added.join(',')]);
  return toEntry({ time: value('timestamp'), level: levelOf(severity), message: value('message'), fields });
}

/** The values of a line of CSV, without their quotes; undefined when a quote stands elsewhere. */
function splitValues(line: string): string[] | undefined {
  const values: string[] = [];
  let end = 0;
  for (const [text, quoted, bare = ''] of line.matchAll(csvValue)) {
    values.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    end += text.length;
    if (end === line.length && !text.endsWith(',')) return values;
  }
  return undefined;
}

/** Sticky: each value starts where the one before it ended. */
const csvValue = /(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(?:,|$)/gy;
const start = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z][\w+-]{1,5},(?:"[^"]|,)/;
const severities = /^(?:DEBUG[1-5]|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC)$/;
const keys = [
  ...(['timestamp', 'user', 'dbname', 'pid', 'remote_host', 'session_id', 'line_num', 'ps', 'session_start'] as const),
  ...(['vxid', 'txid', 'error_severity', 'state_code', 'message', 'detail', 'hint', 'internal_query'] as const),
  ...(['internal_position', 'context', 'statement', 'cursor_position', 'location', 'application_name'] as const),
  ...(['backend_type', 'leader_pid', 'query_id'] as const),
] as const;
/** The number of columns of PostgreSQL 9.0 to 12, without `backend_type` and what came later. */
const oldest = 23;
const ownColumn: ReadonlySet<string> = new Set(['timestamp', 'error_severity', 'message']);
const ids: ReadonlySet<string> = new Set(['session_id', 'state_code', 'query_id']);
