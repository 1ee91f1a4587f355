import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';

/**
 * PostgreSQL's server log, under any value of `log_line_prefix` that has a time, a process id in brackets or `%u@%d`: the
 * default `%m [%p] `, Debian's, Amazon RDS's, pgBadger's. Two spaces behind the label tell it from others. DETAIL, HINT, CONTEXT, STATEMENT… that were joined to their line are fields
 * of it; alone, they are lines without a level.
 *
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX
 */
export const postgres: TextFormat = {
  name: 'postgres',
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
    {
      of: 'PostgreSQL, with `%h %m [%p] %q%u@%d/%a %e`',
      line: '10.0.0.7 2026-11-22 16:41:02.123 UTC [7] shop@orders/api 53300 FATAL:  sorry, too many clients already',
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
  readonly time: string | undefined;
  /** The prefix without its time. */
  readonly prefix: string;
  readonly label: string;
  readonly length: number;
}

function readHead(line: string): Head | undefined {
  // The prefix is the administrator's choice: the label is what is certain, and near.
  const colon = line.indexOf(':  ');
  if (colon < 0 || colon > longestPrefix) return undefined;
  const found = label.exec(line.slice(0, colon));
  if (!found) return undefined;
  const prefix = line.slice(0, found.index);
  const time = prefixTime.exec(prefix);
  if (prefix.includes('\n') || !(time || origin.test(prefix))) return undefined;
  return {
    time: time?.[0],
    prefix: time ? prefix.slice(0, time.index) + prefix.slice(time.index + time[0].length) : prefix,
    label: found[1] ?? '',
    length: colon + 3,
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

/** PostgreSQL's own levels under names that are known elsewhere. */
export function levelOf(name: string): string {
  return name.startsWith('DEBUG') ? 'debug' : name;
}

/** Characters before a label. */
const longestPrefix = 400;
/** `%t`, `%m` and `%n`. */
const prefixTime =
  /(?<![\w.])(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})? (?:[A-Z]{3,5}|[+-]\d\d(?::?\d\d)?)|\d{10}\.\d{3})(?![\w.])/;
/** A process or a user, without a time. */
const origin = /\[\d{1,10}\]|[\w[\]]@[\w[\]]/;
const label =
  /(?<=[ \]:>])(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE)$/;
const bareLabel = /^(DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE): {2}/;
const furtherParts = new Set(['DETAIL', 'HINT', 'QUERY', 'CONTEXT', 'STATEMENT', 'LOCATION', 'BACKTRACE']);
