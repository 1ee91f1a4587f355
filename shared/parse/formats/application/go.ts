import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { parseObject } from '../../json/object.js';
import { parseLevel } from '../../values/level.js';

/** Go's log package, with or without the file: https://pkg.go.dev/log#pkg-constants. Its time names no zone. */
export const goLog: TextFormat = {
  name: 'go-log',
  first: /\d/,
  dates: ['2026/11/22 '],
  samples: [
    { of: 'Go, log', line: '2026/11/22 16:41:02 listening on :8080' },
    { of: 'Go, log with `Lshortfile`', line: '2026/11/22 16:41:02.123456 main.go:23: cache warmed' },
    {
      of: 'Go, net/http after a panic',
      line: '2026/11/22 16:41:02 http: panic serving 10.0.0.7:51234: no stock\ngoroutine 7 [running]:\nmain.reserve()\n\t/app/main.go:9 +0x1d',
    },
  ],
  parse(line: string): Parsed | undefined {
    const match = standard.exec(line);
    if (!match) return undefined;
    const [, time, file, message = ''] = match;
    return toEntry({ time, message, fields: [['file', file]] });
  },
};

/** glog and klog, the logs of Kubernetes: https://github.com/kubernetes/klog/blob/main/internal/buffer/buffer.go */
export const glog: TextFormat = {
  name: 'glog',
  first: /[IWEF]/,
  samples: [{ of: 'klog', line: 'E1122 16:41:02.123456       7 reflector.go:138] failed to list *v1.Pod: forbidden' }],
  parse(line: string): Parsed | undefined {
    const match = klogLine.exec(line);
    if (!match) return undefined;
    const [, letter = '', time, thread, file, message = ''] = match;
    const fields: Fields = [
      ['thread', Number(thread)],
      ['file', file],
    ];
    return toEntry({ time, level: severities[letter], message, fields });
  },
};

/** zap's console encoder, tabs between its parts: https://pkg.go.dev/go.uber.org/zap/zapcore#NewConsoleEncoder */
export const zapConsole: TextFormat = {
  name: 'zap-console',
  first: /\d/,
  dates: ['2026-11-22T', '2026/11/22 '],
  samples: [
    {
      of: 'zap, console',
      line: '2026-11-22T16:41:02.123Z\tWARN\tcart\tcart/main.go:23\tslow query\t{"took": 32.3}',
    },
    {
      of: 'Caddy, console',
      line: '2026/11/22 16:41:02.123\tERROR\thttp.log.error\tdial tcp 10.0.0.7:8080: connect: connection refused\t{"status": 502}',
    },
    {
      of: 'zap, console with a stack',
      line: '2026-11-22T16:41:02.123Z\tERROR\tcart/main.go:23\tno stock\nmain.reserve\n\t/app/main.go:9\nmain.main\n\t/app/main.go:4',
    },
  ],
  parse: parseZap,
};

function parseZap(line: string): Parsed | undefined {
  // A tab ends the time, which has 35 characters at most.
  const match = line.slice(0, 36).includes('\t') ? zap.exec(line) : null;
  if (!match || !parseLevel(match[2])) return undefined;
  const [, time = '', level, text = ''] = match;
  const end = zapStack.exec(text)?.index ?? text.length;
  const parts = text.slice(0, end).split('\t');
  const callerAt = [0, 1].find((index) => parts.length > index + 1 && caller.test(parts[index] ?? ''));
  // Caddy, with a time of its own, names no caller, and has its logger before the message.
  const isCaddy = callerAt === undefined && time[4] === '/' && parts.length > 1;
  const isNamed = callerAt === 1 || (isCaddy && loggerName.test(parts[0] ?? ''));
  const logger = isNamed ? parts[0] : undefined;
  const where = callerAt === undefined ? undefined : parts[callerAt];
  const words = parts.slice(callerAt === undefined ? Number(isNamed) : callerAt + 1);
  const [, ...behind] = words;
  const [context] = behind.slice(-1).map((word) => parseObject(word));
  if (context) words.pop();
  const fields: Fields = [
    ['caller', where],
    ...Object.entries(context ?? {}).map(
      ([key, value]) => [key === 'caller' || key === 'time' ? `fields.${key}` : key, value] as const,
    ),
  ];
  const stack = text.slice(end + 1).trimEnd();
  return toEntry({ time, level, logger, message: words.join('\t'), fields, ...(stack && { columns: { stack } }) });
}

const standard = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?:([\w./@-]+\.go:\d+): )?(.*)$/s;
const klogLine = /^([IWEF])((?:\d{4})?\d{4} \d\d:\d\d:\d\d\.\d{6})\s+(\d+) ([^\s:\]]+:\d+)\](?: (.*))?$/s;
const severities: Readonly<Record<string, string>> = { I: 'info', W: 'warn', E: 'error', F: 'fatal' };
const zap =
  /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)|\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}|\d\.\d+e\+?\d+)\t([A-Za-z]+)\t(.*)$/s;
const zapStack = /\n\S[^\n]*\n\t\S+\.go:\d+/;
const loggerName = /^[a-z]\w*(?:\.\w+)*$/;
const caller = /^[\w./@-]+\.go:\d+$/;
