import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { levelAtStart } from '../../head/levelAtStart.js';
import { isError, levelOfSeverity, parseLevel } from '../../values/level.js';

/** Syslog of today: https://www.rfc-editor.org/rfc/rfc5424#section-6 */
export const syslog5424: TextFormat = {
  name: 'syslog-5424',
  first: /[<\d]/,
  dates: ['2026-11-22T'],
  samples: [
    {
      of: 'RFC 5424',
      line: '<165>1 2026-11-22T16:41:02.123Z web-1 billing 7 ID47 [shop@32473 customer="5" reason="card \\"declined\\""] charge failed',
    },
    {
      of: 'RFC 5424 without a priority, VMware NSX',
      line: '2026-11-22T16:41:02.123Z edge-1 NSX 3106 - [nsx@6876 comp="edge" level="ERROR"] keep-alive failed',
    },
    { of: 'RFC 5424, nothing but a message', line: '<11>1 - - - - - - disk full' },
  ],
  parse: parse5424,
};

/**
 * Syslog as it was: https://www.rfc-editor.org/rfc/rfc3164#section-4. Most forwarders write its priority, many an ISO time, and
 * programs of systemd the priority alone: https://www.freedesktop.org/software/systemd/man/latest/sd-daemon.html
 */
export const syslog3164: TextFormat = {
  name: 'syslog-3164',
  first: /[A-Z<]/,
  samples: [
    { of: 'RFC 3164', line: '<34>Nov 22 16:41:02 web-1 sshd[7]: Failed password for root from 203.0.113.9' },
    { of: 'rsyslog, traditional file format', line: 'Nov 22 16:41:02 web-1 cron[812]: (root) CMD (backup)' },
    { of: 'rsyslog, forward format', line: '<30>2026-11-22T16:41:02.123456+00:00 web-1 systemd[1]: Started backup' },
    { of: 'the kernel, and programs of systemd', line: '<3>kernel: Out of memory: Killed process 812' },
  ],
  parse(line: string): Parsed | undefined {
    const groups = (line[0] === '<' ? (withPriority.exec(line) ?? priorityAlone.exec(line)) : bsd.exec(line))?.groups;
    return groups && parse3164(groups, 'pid');
  },
};

/** What rsyslog, systemd's journal and Heroku's `logs` write with an ISO time instead, without a priority. */
export const syslogFile: TextFormat = {
  name: 'syslog-file',
  first: /\d/,
  dates: ['2026-11-22T'],
  samples: [
    { of: 'rsyslog, file format', line: '2026-11-22T16:41:02.123456+00:00 web-1 cron[812]: (root) CMD (backup)' },
    { of: 'journalctl, short-iso', line: '2026-11-22T16:41:02+0000 web-1 systemd[1]: Started backup' },
    { of: 'Heroku, an application', line: '2026-11-22T16:41:02.123456+00:00 app[web.1]: listening on 5000' },
  ],
  parse(line: string): Parsed | undefined {
    const rsyslogGroups = rsyslog.exec(line)?.groups;
    if (rsyslogGroups) return parse3164(rsyslogGroups, 'pid');
    const groups = heroku.exec(line)?.groups;
    return groups && parse3164(groups, 'procid');
  },
};

function parse3164(groups: Readonly<Record<string, string | undefined>>, processKey: string): Parsed {
  const { priority, time, host, app, pid, message = '' } = groups;
  const fields = origin(priority, host, processKey, pid);
  return toEntry({ ...levelOf(priority, message, fields), time, logger: app, message, fields });
}

/** The priority's, unless the message starts with an error's: container runtimes give all lines of a program one priority. */
function levelOf(priority: string | undefined, message: string, fields: Fields): { level?: string } {
  const { level } = severity(priority);
  const stated = levelAtStart(message);
  if (level === undefined) return stated === undefined ? {} : { level: stated };
  if (stated === undefined || isError(parseLevel(level)) || !isError(parseLevel(stated))) return { level };
  fields.push(['level', level]);
  return { level: stated };
}

function parse5424(line: string): Parsed | undefined {
  const hasPriority = line[0] === '<';
  // Most lines that start with a time have no structured data.
  if (!hasPriority && !line.includes('="')) return undefined;
  const groups = (hasPriority ? header : bareHeader).exec(line)?.groups;
  if (!groups) return undefined;
  const { priority, time, host, app, procid, msgid, rest = '' } = groups;
  const fields = origin(priority, host, 'procid', procid);
  let level = severity(priority);
  if (msgid !== '-') fields.push(['msgid', msgid]);
  let end = rest.startsWith('-') ? 1 : 0;
  for (const [text, id = '', parameters = ''] of rest.matchAll(element)) {
    const pairs = [...parameters.matchAll(parameter)].map(([, name = '', value = '']) => [
      name,
      value.replace(escaped, '$1'),
    ]);
    const parameterOf: Readonly<Record<string, string>> = Object.fromEntries(pairs);
    // Without a priority, a parameter may state the level.
    const stated = parameterOf.level ?? parameterOf.severity;
    if (priority === undefined && stated !== undefined && parseLevel(stated)) level = { level: stated };
    fields.push([id, parameterOf]);
    end += text.length;
  }
  if (end > 0 && end < rest.length && rest[end] !== ' ') return undefined;
  // Heroku's drains leave the structured data out.
  if (end === 0 && (!hasPriority || rest.startsWith('['))) return undefined;
  const message = end === 0 ? rest : rest.slice(end + 1);
  const stated = time === '-' ? undefined : time;
  // A byte order mark says that the message is UTF-8, as everything here is.
  return toEntry({ ...level, time: stated, logger: app, message: message.replace(/^\ufeff/, ''), fields });
}

/** A priority is facility × 8 + severity. */
function severity(priority: string | undefined): { level?: string } {
  const level = priority === undefined ? undefined : levelOfSeverity(Number(priority) % 8);
  return level === undefined ? {} : { level };
}

function origin(
  priority: string | undefined,
  host: string | undefined,
  key: string,
  process: string | undefined,
): Fields {
  const fields: Fields = [];
  if (priority !== undefined) fields.push(['facility', Math.floor(Number(priority) / 8)]);
  if (host !== undefined && host !== '-') fields.push(['host', host]);
  if (process !== undefined && process !== '-')
    fields.push([key, /^\d{1,9}$/.test(process) ? Number(process) : process]);
  return fields;
}

const header =
  /^<(?<priority>1?\d{1,2})>1 (?<time>\S{1,40}) (?<host>\S{1,255}) (?<app>\S{1,48}) (?<procid>\S{1,128}) (?<msgid>[^\s[]\S{0,31}) (?<rest>.*)$/s;
/** Only structured data tells it from a text with a time. */
const bareHeader =
  /^(?<time>\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) (?<host>\S{1,255}) (?<app>\S{1,48}) (?<procid>\S{1,128}) (?<msgid>\S{1,32}) (?<rest>\[[^\s=\]"]{1,64} [^\s=\]"]{1,64}=".*)$/s;
/** Sticky: each element starts where the one before it ended. */
const element = /\[([^\s=\]"]{1,64})((?: [^\s=\]"]{1,64}="[^"\\]*(?:\\.[^"\\]*)*")*)\]/gsy;
const parameter = / ([^\s=\]"]{1,64})="([^"\\]*(?:\\.[^"\\]*)*)"/gs;
const escaped = /\\(["\\\]])/g;
const bsdTime = String.raw`[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?`;
const isoTime = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;
const program = String.raw`(?<app>[^\s:[\]]{1,64})(?:\[(?<pid>[^\]\s]{1,32})\])?:(?: (?<message>.*))?$`;
const priority = String.raw`^<(?<priority>1?\d{1,2})>`;
const bsd = new RegExp(String.raw`^(?<time>${bsdTime}) (?:(?<host>\S{1,255}) )?${program}`, 's');
const withPriority = new RegExp(
  String.raw`${priority}(?<time>${bsdTime}|${isoTime}) (?:(?<host>\S{1,255}) )?${program}`,
  's',
);
/** Without a time, a word that may be an exception or a level is no program: the message keeps it. */
const priorityAlone = new RegExp(
  String.raw`${priority}(?:(?<app>[a-z_][\w/-]{0,63}(?=\[|: ))(?:\[(?<pid>\d{1,10})\])?: )?(?<message>[^\s<].*)$`,
  's',
);
const rsyslog = new RegExp(
  String.raw`^(?<time>${isoTime}) (?<host>[\w.-]{1,255}) (?<app>[\w./-]{1,64})\[(?<pid>\d{1,10})\]:(?: (?<message>.*))?$`,
  's',
);
/** https://devcenter.heroku.com/articles/logging#log-format */
const heroku = new RegExp(
  String.raw`^(?<time>${isoTime}) (?<app>app|heroku)\[(?<pid>[\w.-]{1,64})\]: (?<message>.*)$`,
  's',
);
