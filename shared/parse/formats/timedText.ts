import type { TextFormat } from '../format.js';
import { isError, parseLevel } from '../level.js';
import type { EntryColumns, Fields, Parsed } from '../parsed.js';
import { parseIsoTime } from '../time.js';

/** Text logs that start with a time, in the layouts of Python's logging and of Java's loggers. */
export const timedText: TextFormat = {
  name: 'timed-text',
  samples: [
    { of: 'Python logging', line: '2026-11-22 16:41:36,469 ERROR billing: charge failed customer=5' },
    { of: 'Python logging, with dashes', line: '2026-11-22 16:41:36,469 - billing - WARNING - retrying charge' },
    {
      of: 'java.util.logging, one line',
      line: '2026-11-22T16:41:37.445Z INFO    [main] com.shop.Checkout - checkout ok order=1',
    },
    {
      of: 'logback and log4j2, default pattern',
      line: '2026-11-22 16:41:37.445 [main] INFO  com.shop.Checkout - checkout ok order=1',
    },
  ],
  parse: parseTimedText,
};

/** What Python's logging writes when nobody configured it. */
export const pythonDefault: TextFormat = {
  name: 'python-default',
  samples: [{ of: 'Python logging, unconfigured', line: 'ERROR:billing:charge failed customer=5' }],
  parse: parsePythonDefault,
};

/** The first of the two lines that java.util.logging writes by default; the second, `SEVERE: …`, is plain text with a level. */
export const julHead: TextFormat = {
  name: 'jul-head',
  samples: [{ of: 'java.util.logging, default', line: 'Nov 22, 2026 4:41:37 PM com.shop.Checkout main' }],
  parse: parseJulHead,
};

function parseTimedText(line: string): Parsed | undefined {
  const head = timed.exec(line);
  if (!head) return undefined;
  const [prefix, time = ''] = head;
  const rest = line.slice(prefix.length);
  for (const layout of layouts) {
    const groups = layout.exec(rest)?.groups;
    const level = parseLevel(groups?.level);
    if (!groups || !level) continue;
    return entry(time, level, groups);
  }
  return undefined;
}

function parsePythonDefault(line: string): Parsed | undefined {
  const groups = pythonLine.exec(line)?.groups;
  const level = parseLevel(groups?.level);
  return groups && level && entry(undefined, level, groups);
}

function parseJulHead(line: string): Parsed | undefined {
  const match = julLine.exec(line);
  if (!match) return undefined;
  const [, time, logger = ''] = match;
  return { type: 'app', columns: { message: line, logger: logger.split(' ')[0] ?? logger }, fields: [['time', time]] };
}

function entry(
  time: string | undefined,
  level: NonNullable<EntryColumns['level']>,
  groups: Record<string, string>,
): Parsed {
  const ms = time === undefined ? undefined : parseIsoTime(time);
  const fields: Fields = [];
  // Without a zone the collector's clock dates the line; what the line says is kept.
  if (time !== undefined && ms === undefined) fields.push(['time', time]);
  if (groups.thread) fields.push(['thread', groups.thread]);
  const columns: EntryColumns = { level, message: groups.message ?? '' };
  if (groups.logger) columns.logger = groups.logger;
  return { type: isError(level as 'error') ? 'error' : 'app', time: ms, columns, fields };
}

const timed = /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?)\]?\s+/;
const layouts = [
  /^(?<level>[A-Za-z]+)\s+\[(?<thread>[^\]]*)\]\s+(?<logger>\S+)\s+-\s+(?<message>.*)$/s,
  /^\[(?<thread>[^\]]*)\]\s+(?<level>[A-Za-z]+)\s+(?<logger>\S+)\s+-\s+(?<message>.*)$/s,
  /^-\s+(?<logger>\S+)\s+-\s+(?<level>[A-Z]+)\s+-\s+(?<message>.*)$/s,
  /^\[?(?<level>[A-Za-z]+)\]?\s+(?<logger>[\w.$/-]+):\s(?<message>.*)$/s,
  /^\[?(?<level>[A-Za-z]+)\]?:?\s+(?<message>.*)$/s,
] as const;
const pythonLine = /^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<logger>[\w.]+):(?<message>.*)$/s;
const julLine = /^(\w{3} \d\d?, \d{4},? \d\d?:\d\d:\d\d(?: [AP]M)?) ([\w.$]+(?: [\w$<>]+)?)$/;
