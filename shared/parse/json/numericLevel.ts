import { type Level, levelOfSeverity, levels, parseLevel } from '../values/level.js';
import type { FoundEntry } from './entryKeys.js';
import { declareRead } from './readPaths.js';

/**
 * The level that a number states, on the scale of the logger that wrote the line: 3 is an error of syslog, and a warning
 * of .NET. The logger is known by its other keys, never by the number. Undefined where no such key stands beside it.
 */
export function takeNumericLevel(found: FoundEntry): Level | undefined {
  for (const { keys, isWrittenBy, levelOf } of scales) {
    const key = keys.find((each) => integerOf(found.peekRest(each)) !== undefined);
    if (key === undefined || !isWrittenBy(found)) continue;
    const level = levelOf(integerOf(found.peekRest(key)) as number);
    if (level) found.takeRest(key);
    return level;
  }
  return undefined;
}

/** Some loggers write their numbers as texts. */
function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** The numbers of one kind of logger. */
interface Scale {
  /** Where the number stands, at the top of the line. */
  readonly keys: readonly string[];
  readonly isWrittenBy: (found: FoundEntry) => boolean;
  /** Undefined for a number that the scale does not have. */
  readonly levelOf: (number: number) => Level | undefined;
}

/** The first one whose logger wrote the line decides. */
const scales: readonly Scale[] = [
  // https://docs.python.org/3/library/logging.html#logging-levels
  { keys: ['levelno'], isWrittenBy: () => true, levelOf: from([1, 10, 20, 30, 40, 50]) },
  // https://logback.qos.ch/apidocs/ch.qos.logback.classic/ch/qos/logback/classic/Level.html
  { keys: ['level_value'], isWrittenBy: () => true, levelOf: from([5000, 10_000, 20_000, 30_000, 40_000]) },
  // https://logger.rocketjob.io/
  { keys: ['level_index'], isWrittenBy: () => true, levelOf: from([0, 1, 2, 3, 4, 5]) },
  // https://learn.microsoft.com/en-us/azure/azure-monitor/app/data-model-complete#trace-telemetry
  { keys: ['severityLevel'], isWrittenBy: () => true, levelOf: from([undefined, 0, 1, 2, 3, 4], 4) },
  // https://learn.microsoft.com/en-us/dotnet/api/microsoft.extensions.logging.loglevel
  { keys: ['LogLevel'], isWrittenBy: hasAny('Category', 'EventId'), levelOf: from([0, 1, 2, 3, 4, 5], 5) },
  // https://learn.microsoft.com/en-us/windows/win32/wes/defining-severity-levels
  { keys: ['Level'], isWrittenBy: hasAny('EventID', 'EventRecordID', 'ProviderName'), levelOf: levelOfWindows },
  // https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/logging_configuration.html
  {
    keys: ['level'],
    isWrittenBy: (found) => found.hasAny('reqId') && found.hasAny('app'),
    levelOf: from([undefined, 0, 1, 2, 3, 4], 4),
  },
  // https://github.com/Seldaek/monolog/blob/main/doc/01-usage.md#log-levels
  {
    keys: ['level'],
    isWrittenBy: hasAny('channel', 'level_name'),
    levelOf: from([undefined, 100, 200, 300, 400, 500]),
  },
  // https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1, in GELF, the journal, rsyslog and MozLog
  {
    keys: ['level', 'PRIORITY', 'priority', 'severity', 'Severity', 'syslogseverity'],
    isWrittenBy: hasAny(
      ...['short_message', 'facility', 'syslogfacility', 'syslogtag', 'SYSLOG_FACILITY', 'SYSLOG_IDENTIFIER'],
      ...['_SYSTEMD_UNIT', '__REALTIME_TIMESTAMP', 'EnvVersion'],
    ),
    levelOf: levelOfSeverity,
  },
  // https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
  {
    keys: ['severity'],
    isWrittenBy: hasAny('logName', 'insertId', 'textPayload', 'jsonPayload', 'timestampSeconds', 'timestampNanos'),
    levelOf: from([undefined, 100, 200, 400, 500, 600]),
  },
  // https://github.com/pinojs/pino/blob/main/docs/api.md#loggerlevels-object, https://github.com/trentm/node-bunyan#levels
  { keys: ['level'], isWrittenBy: hasAny('time', 'pid', 'hostname', 'msg', 'v'), levelOf: parseLevel },
];

declareRead(scales.flatMap(({ keys }) => keys));

function hasAny(...keys: readonly string[]): Scale['isWrittenBy'] {
  return (found) => found.hasAny(...keys);
}

/** @param starts the least number of each level, trace to fatal; undefined for a level that the scale does not have */
function from(starts: readonly (number | undefined)[], last = Number.POSITIVE_INFINITY): Scale['levelOf'] {
  return (number) => {
    if (number > last) return undefined;
    const index = starts.findLastIndex((start) => start !== undefined && number >= start);
    return levels[index];
  };
}

/** 1 is critical, 5 verbose; 0 is what is always logged. */
function levelOfWindows(number: number): Level | undefined {
  return (['info', 'fatal', 'error', 'warn', 'info', 'debug'] as const)[number];
}
