import type { EntryColumns, Fields, Parsed } from '../line/parsed.js';
import { splitTrace } from './stackTrace.js';
import { isError, parseLevel } from './values/level.js';
import { RecentTimes } from './values/recentTimes.js';
import { parseTime } from './values/time.js';

/** What a text format found in a line of the application, all of it as the line has it. */
export interface EntryParts {
  readonly time?: string | undefined;
  readonly level?: string | undefined;
  readonly logger?: string | undefined;
  /** With a stack trace behind it, if the collector joined one. */
  readonly message: string;
  /** What else the line had; entries whose value is undefined are left out. */
  readonly fields?: Fields;
  /** Columns that few formats know. */
  readonly columns?: Pick<EntryColumns, 'exception' | 'stack' | 'trace_id' | 'span_id' | 'request_id'>;
}

/**
 * Brings a line of a text format to its columns. A time without a zone and a level of no known scale stay in
 * `fields`. An entry that states no level but has a stack trace is an error.
 */
export function toEntry({ time, level: levelName, logger, message, fields, columns: known }: EntryParts): Parsed {
  const trace = splitTrace(message);
  // Most lines have neither, and spreading nothing takes longer than reading the line.
  const columns: EntryColumns = trace || known ? { message, ...trace, ...known } : { message };
  const stated = parseLevel(levelName);
  const level = stated ?? (columns.stack !== undefined && levelName === undefined ? 'error' : undefined);
  if (level) columns.level = level;
  if (logger !== undefined && logger !== '' && logger !== '-') columns.logger = logger;

  const ms = time === undefined ? undefined : timeOf(time);
  const rest: Fields = time !== undefined && ms === undefined ? [['time', time]] : [];
  if (fields) for (const field of fields) if (field[1] !== undefined) rest.push(field);
  if (levelName !== undefined && !stated) rest.push(['level', levelName]);
  return { type: isError(level) ? 'error' : 'app', time: ms, columns, fields: rest };
}

/** The time that a line states, ms since the epoch; undefined when it names no zone, or is none. */
export function timeOf(text: string): number | undefined {
  return times.parseUtc(text) ?? parseTime(text);
}

const times = new RecentTimes();
