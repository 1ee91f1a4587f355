import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { levelAtStart } from '../../head/levelAtStart.js';
import { levelOfSeverity, parseLevel } from '../../values/level.js';

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

/** Syslog as it was, with or without its priority: https://www.rfc-editor.org/rfc/rfc3164#section-4. Its time names neither year nor zone. */
export const syslog3164: TextFormat = {
  name: 'syslog-3164',
  first: /[\dA-Z<]/,
  dates: ['2026-11-22T'],
  samples: [
    { of: 'RFC 3164', line: '<34>Nov 22 16:41:02 web-1 sshd[7]: Failed password for root from 203.0.113.9' },
    { of: 'rsyslog, traditional file format', line: 'Nov 22 16:41:02 web-1 cron[812]: (root) CMD (backup)' },
    { of: 'rsyslog, file format', line: '2026-11-22T16:41:02.123456+00:00 web-1 cron[812]: (root) CMD (backup)' },
  ],
  parse(line: string): Parsed | undefined {
    const groups = (bsd.exec(line) ?? rsyslog.exec(line))?.groups;
    if (!groups) return undefined;
    const { priority, time, host, app, pid, message = '' } = groups;
    const level = severity(priority).level ?? levelAtStart(message);
    return toEntry({ level, time, logger: app, message, fields: origin(priority, host, 'pid', pid) });
  },
};

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
  if (end === 0 || (end < rest.length && rest[end] !== ' ')) return undefined;
  const message = rest.slice(end + 1);
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
  /^<(?<priority>1?\d{1,2})>1 (?<time>\S{1,40}) (?<host>\S{1,255}) (?<app>\S{1,48}) (?<procid>\S{1,128}) (?<msgid>\S{1,32}) (?<rest>[-[].*)$/s;
/** Only structured data tells it from a text with a time. */
const bareHeader =
  /^(?<time>\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) (?<host>\S{1,255}) (?<app>\S{1,48}) (?<procid>\S{1,128}) (?<msgid>\S{1,32}) (?<rest>\[[^\s=\]"]{1,64} [^\s=\]"]{1,64}=".*)$/s;
/** Sticky: each element starts where the one before it ended. */
const element = /\[([^\s=\]"]{1,64})((?: [^\s=\]"]{1,64}="[^"\\]*(?:\\.[^"\\]*)*")*)\]/gsy;
const parameter = / ([^\s=\]"]{1,64})="([^"\\]*(?:\\.[^"\\]*)*)"/gs;
const escaped = /\\(["\\\]])/g;
const bsd =
  /^(?:<(?<priority>1?\d{1,2})>)?(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?:(?<host>\S{1,255}) )?(?<app>[^\s:[\]]{1,64})(?:\[(?<pid>[^\]\s]{1,32})\])?:(?: (?<message>.*))?$/s;
const rsyslog =
  /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}(?:Z|[+-]\d\d:\d\d)) (?<host>[\w.-]{1,255}) (?<app>[\w./-]{1,64})\[(?<pid>\d{1,10})\]:(?: (?<message>.*))?$/s;
