import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';

/**
 * PostgreSQL's server log, under the usual values of `log_line_prefix`: the default `%m [%p] `, Debian's with
 * `%q%u@%d`, Amazon RDS's and pgBadger's. DETAIL, HINT, CONTEXT, STATEMENT… that were joined to their line are fields
 * of it; alone, they are lines without a level.
 *
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX
 */
export const postgres: TextFormat = {
  name: 'postgres',
  first: /\d/,
  samples: [
    {
      of: 'PostgreSQL',
      line: '2026-11-22 16:41:02.123 UTC [7] ERROR:  duplicate key value violates unique constraint "orders_pkey"\n2026-11-22 16:41:02.123 UTC [7] DETAIL:  Key (id)=(7) already exists.\n2026-11-22 16:41:02.123 UTC [7] STATEMENT:  INSERT INTO orders\n\tVALUES (7)',
    },
    { of: 'PostgreSQL on Debian', line: '2026-11-22 16:41:02.123 UTC [7] shop@orders LOG:  duration: 1500.123 ms' },
    {
      of: 'Amazon RDS for PostgreSQL',
      line: '2026-11-22 16:41:02 UTC:10.0.0.7(51234):shop@orders:[7]:FATAL:  password authentication failed',
    },
    {
      of: 'PostgreSQL, with pgBadger’s prefix',
      line: '2026-11-22 16:41:02 UTC [7]: [3-1] user=shop,db=orders,app=api,client=10.0.0.7 WARNING:  there is no transaction in progress',
    },
  ],
  parse: parsePostgres,
};

function parsePostgres(line: string): Parsed | undefined {
  const head = readHead(line);
  if (!head) return undefined;
  const { message, further } = splitParts(line.slice(head.length));
  const fields: Fields = [...readPrefix(head.prefix), ...further];
  return toEntry({ time: head.time, level: levelOf(head.label), message, fields });
}

interface Head {
  readonly time: string;
  readonly prefix: string;
  readonly label: string;
  readonly length: number;
}

function readHead(line: string): Head | undefined {
  const start = time.exec(line);
  if (!start) return undefined;
  const [before, text = ''] = start;
  // The prefix is the administrator's choice: the label is what is certain, and near.
  const found = label.exec(line.slice(before.length, before.length + longestPrefix));
  if (!found || line.slice(before.length, before.length + found.index).includes('\n')) return undefined;
  const end = before.length + found.index + found[0].length;
  return {
    time: text,
    prefix: line.slice(before.length, before.length + found.index),
    label: found[1] ?? '',
    length: end,
  };
}

/** The message, and each further part under its label. */
function splitParts(text: string): { message: string; further: [string, string][] } {
  const message: string[] = [];
  const further: [string, string[]][] = [];
  for (const line of text.split('\n')) {
    const head = readHead(line) ?? readBare(line);
    if (head && furtherParts.has(head.label)) further.push([head.label.toLowerCase(), [line.slice(head.length)]]);
    else (further.at(-1)?.[1] ?? message).push(line);
  }
  return {
    message: message.join('\n'),
    further: further.map(([label, lines]) => [label, lines.join('\n').trimEnd()]),
  };
}

/** A part that has no prefix of its own. */
function readBare(line: string): Pick<Head, 'label' | 'length'> | undefined {
  const found = bareLabel.exec(line);
  return found ? { label: found[1] ?? '', length: found[0].length } : undefined;
}

function readPrefix(prefix: string): Fields {
  const pid = /\[(\d+)\]/.exec(prefix);
  const pairs = [...prefix.matchAll(/\b(user|db|app|client)=([^,\s]+)/g)].map(
    ([, key = '', value]) => [key, value] as const,
  );
  const userAtDb = pairs.length > 0 ? null : /([^\s:@]+)@([^\s:@]+)/.exec(prefix);
  const fields: Fields = [['pid', pid ? Number(pid[1]) : undefined], ...pairs];
  if (userAtDb) fields.push(['user', userAtDb[1]], ['db', userAtDb[2]]);
  // What remains is told whole rather than guessed at.
  const rest = prefix
    .replace(pid?.[0] ?? '', '')
    .replace(userAtDb?.[0] ?? '', '')
    .replace(/\b(?:user|db|app|client)=[^,\s]*,?/g, '');
  if (/\w/.test(rest)) fields.push(['prefix', prefix.trim()]);
  return fields;
}

function levelOf(name: string): string {
  return name.startsWith('DEBUG') ? 'debug' : name;
}

/** Characters between the time and the label in which a label is looked for. */
const longestPrefix = 400;
const time = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})? (?:[A-Z]{3,5}|[+-]\d\d(?::?\d\d)?))(?=[ :])/;
const label =
  /(?<=[ \]:>])(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE): {2}/;
const bareLabel = /^(DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE): {2}/;
const furtherParts = new Set(['DETAIL', 'HINT', 'QUERY', 'CONTEXT', 'STATEMENT', 'LOCATION', 'BACKTRACE']);
