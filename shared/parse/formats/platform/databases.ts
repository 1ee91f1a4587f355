import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';

/** The error logs of MySQL (https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html) and MariaDB (https://mariadb.com/kb/en/error-log/#format). */
export const mysqlError: TextFormat = {
  name: 'mysql-error',
  first: /\d/,
  dates: ['2026-11-22 ', '2026-11-22T'],
  samples: [
    {
      of: 'MySQL 8',
      line: "2026-11-22T16:41:02.123456Z 0 [ERROR] [MY-010262] [Server] Can't start server: Bind on TCP/IP port: Address already in use",
    },
    { of: 'MySQL 5.7', line: "2026-11-22T16:41:02.123456Z 7 [Note] Aborted connection 7 to db: 'shop'" },
    { of: 'MariaDB', line: '2026-11-22 16:41:02 0 [Warning] Could not increase number of max_open_files' },
  ],
  parse(line: string): Parsed | undefined {
    const match = mysql.exec(line);
    if (!match) return undefined;
    const [, time, thread, level, code, subsystem, message = ''] = match;
    const fields: Fields = [
      ['thread', thread?.startsWith('0x') ? thread : Number(thread)],
      ['error_code', code],
    ];
    // `System` marks what is written whatever the verbosity: starts and stops.
    return toEntry({ time, level: level === 'System' ? 'info' : level, logger: subsystem, message, fields });
  },
};

/** An entry of the slow query log of MySQL and MariaDB, joined: https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html */
export const mysqlSlow: TextFormat = {
  name: 'mysql-slow',
  first: /#/,
  samples: [
    {
      of: 'MySQL 8, slow query log',
      line: '# Time: 2026-11-22T16:41:02.123456Z\n# User@Host: shop[shop] @ web-1 [10.0.0.7]  Id:     7\n# Query_time: 5.011853  Lock_time: 0.000002 Rows_sent: 268  Rows_examined: 268\nSET timestamp=1795365657;\nSELECT * FROM orders;',
    },
  ],
  parse: parseSlow,
};

function parseSlow(line: string): Parsed | undefined {
  if (!slowStart.test(line)) return undefined;
  const lines = line.split('\n');
  const queryAt = lines.findIndex((each) => !each.startsWith('#'));
  const head = lines.slice(0, queryAt < 0 ? undefined : queryAt).join('\n');
  const query = queryAt < 0 ? '' : lines.slice(queryAt).join('\n');
  const [, user, host, address, id] = slowUser.exec(head) ?? [];
  const fields: Fields = [
    ['user', user],
    ['host', host || undefined],
    ['client', address || undefined],
    ['thread', id === undefined ? undefined : Number(id)],
  ];
  for (const [, key = '', value] of head.matchAll(slowValue)) fields.push([key.toLowerCase(), Number(value)]);
  // Entries of one second share the line with their time; the query's own is told when it began.
  const time = slowTime.exec(head)?.[1] ?? slowTimestamp.exec(query)?.[1];
  return toEntry({ time, message: query || line, fields });
}

/** Redis and Valkey, whose level is a sign: https://github.com/redis/redis/blob/unstable/src/server.c (`serverLogRaw`). Their time names no zone. */
export const redis: TextFormat = {
  name: 'redis',
  first: /\d/,
  dates: [],
  samples: [{ of: 'Redis', line: '1:M 22 Nov 2026 16:41:02.123 # WARNING: memory overcommit must be enabled' }],
  parse(line: string): Parsed | undefined {
    const match = redisLine.exec(line);
    if (!match) return undefined;
    const [, pid, role, time, sign = '', message = ''] = match;
    const fields: Fields = [
      ['pid', Number(pid)],
      ['role', role],
    ];
    return toEntry({ time, level: redisLevels[sign], message, fields });
  },
};

/** Reports of Erlang's kernel, as RabbitMQ starts with: https://www.erlang.org/doc/apps/kernel/logger_formatter.html */
export const erlangReport: TextFormat = {
  name: 'erlang-report',
  first: /=/,
  samples: [
    {
      of: 'Erlang, default',
      line: '=ERROR REPORT==== 22-Nov-2026::16:41:02.123456 ===\nError in process <0.85.0> with exit value: badarg',
    },
  ],
  parse(line: string): Parsed | undefined {
    const match = report.exec(line);
    if (!match) return undefined;
    const [, kind = '', time, message = ''] = match;
    return toEntry({ time, level: reportLevels[kind] ?? kind, message: message.trim(), fields: [['report', kind]] });
  },
};

const mysql =
  /^(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)| {1,2}\d?\d:\d\d:\d\d)) (\d{1,12}|0x[0-9a-f]{1,16}) \[(ERROR|Error|WARNING|Warning|Note|System)\] (?:\[(MY-\d{6})\] )?(?:\[(\w+)\] )?(.*)$/s;
const slowStart = /^# (?:Time: |User@Host: |Query_time: )/;
const slowTime = /^# Time: (\S+(?: {1,2}[\d:]{7,8})?)$/m;
const slowUser = /^# User@Host: ([^\s[]*)\[[^\]\n]*\] @ ?([^\s[]*) \[([^\]\n]*)\](?: {1,4}Id: {1,9}(\d{1,15}))?/m;
const slowValue = /\b(Query_time|Lock_time|Rows_sent|Rows_examined|Rows_affected|Bytes_sent): {1,2}(\d+(?:\.\d+)?)/g;
const slowTimestamp = /^SET timestamp=(\d{10})(?:\.\d+)?;/;
const redisLine = /^(\d+):([A-Z]) (\d\d [A-Z][a-z]{2}(?: \d{4})? \d\d:\d\d:\d\d\.\d{3}) ([-.*#]) (.*)$/s;
const redisLevels: Readonly<Record<string, string>> = { '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' };
const report = /^=([A-Z]+) REPORT==== (\d\d?-[A-Z][a-z]{2}-\d{4}::\d\d:\d\d:\d\d(?:\.\d+)?) ===(.*)$/s;
const reportLevels: Readonly<Record<string, string>> = { CRASH: 'error', SUPERVISOR: 'error', PROGRESS: 'debug' };
