import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHead } from '../../../../shared/parse/head/lineHead.js';
import { parseLine } from '../../../../shared/parse/index.js';
import { parseLevel } from '../../../../shared/parse/values/level.js';
import { instants, iso, loggers, pids, zoneless } from '../../../helpers/formats.js';

const level = fc.constantFrom('TRACE', 'DEBUG', 'INFO', 'NOTICE', 'WARN', 'WARNING', 'ERROR', 'CRITICAL', 'FATAL');
const thread = fc.stringMatching(/^[a-z]{2,8}-\d{1,2}$/);
/** A message that starts with nothing which may belong to a head. */
const message = fc.stringMatching(/^[a-z]{2,8}( [a-z]{2,8}){1,6}$/);
const time = instants.chain((ms) => {
  const [date = '', clock = ''] = zoneless(ms).split(' ');
  const [year = '', month, day] = date.split('-');
  return fc.constantFrom(
    iso(ms),
    `${date} ${clock}`,
    `${date} ${clock.replace('.', ',')}`,
    `${date.replaceAll('-', '/')} ${clock.slice(0, 8)}`,
    `${date.replaceAll('-', '.')} ${clock}`,
    `${date} ${clock.slice(0, 8)} +0000`,
    `${year.slice(2)}/${month}/${day} ${clock.slice(0, 8)}`,
    `${month}/${day}/${year.slice(2)} ${clock.replace('.', ':')}`,
    `${day}/${month}/${year} ${clock}`,
    `${year.slice(2)}${month}${day} ${clock.slice(0, 8).replaceAll(':', '')}`,
    clock,
  );
});

interface Parts {
  readonly time: string;
  readonly level: string;
  readonly logger: string;
  readonly thread: string;
  readonly pid: number;
}

/** What stands before the message, with all that the parts say. */
const layouts: readonly ((parts: Parts) => string)[] = [
  ({ time, level, logger }) => `${time} ${level} ${logger}: `,
  ({ time, level, logger }) => `${time} ${level.padEnd(8)} ${logger} - `,
  ({ time, level, logger }) => `[${time}] [${level}] ${logger}: `,
  ({ time, level, logger }) => `[${time}][${level.padEnd(8)}][${logger}] `,
  ({ time, level, logger }) => `[${time} ${level} ${logger}] `,
  ({ time, level, logger }) => `[${time}][${logger}][${level}] `,
  ({ time, level, logger }) => `${time} - ${logger} - ${level} - `,
  ({ time, level, logger }) => `${time} - ${level} - ${logger} - `,
  ({ time, level, logger }) => `${time} ${logger} ${level} `,
  ({ time, level, logger }) => `${time} | ${level.padEnd(8)} | ${logger} | `,
  ({ time, level, logger }) => `${time}|${level}|${logger}|`,
  ({ time, level, logger }) => `${time}:${level}:${logger}:`,
  ({ time, level, logger }) => `${time}:${logger}:${level}:`,
  ({ time, level, logger }) => `[${level}] ${time} ${logger}: `,
  ({ time, level, logger }) => `[${level}] ${time} - ${logger} - `,
  ({ time, level, logger }) => `[${level}|${logger}|L83] ${time}: `,
  ({ time, level, logger, thread }) => `${time} [${thread}] ${level} ${logger} - `,
  ({ time, level, logger, thread }) => `${time} ${level} [${thread}] ${logger} - `,
  ({ time, level, logger, thread }) => `${time} ${level} [${thread}] ${logger}: `,
  ({ time, level, logger, thread }) => `${time} ${level} [${logger}] (${thread}) `,
  ({ time, level, logger, thread }) => `${time} ${level} (${thread}) [${logger}] `,
  ({ time, level, logger, thread }) => `${time} ${level} [${logger}:52][${thread}] `,
  ({ time, level, logger, thread }) => `${level} [${thread}] ${time} ${logger}: `,
  ({ time, level, logger, thread }) => `${thread}::${level}::${time}::${logger}::`,
  ({ time, level, logger, pid }) => `${time} ${pid} ${level} ${logger}: `,
  ({ time, level, logger, pid }) => `${time} ${pid} ${level} ${logger} [-] `,
  ({ time, level, logger, pid }) => `${time} ${pid} ${level} shop ${logger}: `,
  ({ time, level, logger, pid }) => `[App] ${pid}  - ${time}   ${level} [${logger}] `,
  ({ time, level, logger, pid }) => `${time} pid=${pid} ${level} ${logger}: `,
  ({ time, level, logger, pid }) => `${time} [${pid}] [${level}] ${logger}: `,
];

describe('a head', () => {
  // `a.h:52` is a place in a source file, `a.hService:52` one in a module.
  const logger = loggers.map((name) => `${name}Service`);
  const parts = fc.record({ time, level, logger, thread, pid: pids });

  it.each(layouts.map((layout, index) => [layouts[index]?.toString().slice(layout.toString().indexOf('`')), layout]))(
    'of the layout %s is read back from any parts',
    (_, layout) => {
      if (typeof layout !== 'function') throw new Error('no layout');
      fc.assert(
        fc.property(parts, message, (values, text) => {
          const line = layout(values) + text;
          const head = readHead(line);
          expect({ line, time: head?.time, level: head?.level, logger: head?.logger }).toEqual({
            line,
            time: values.time,
            level: values.level,
            logger: values.logger,
          });
          expect(line.slice(head?.end)).toBe(text);
          const { columns } = parseLine(line);
          expect(columns).toMatchObject({ level: parseLevel(values.level), logger: values.logger, message: text });
        }),
      );
    },
  );
});

it('is linear on hostile lines', () => {
  const starts = [
    '',
    '2026-11-22T16:41:02Z ',
    '2026-11-22T16:41:02Z INFO ',
    '[main] ',
    'ERROR:',
    'a::INFO::',
    '2026-11-22T16:41:02Z|',
  ];
  const pieces = [
    'a',
    ' ',
    '1',
    ':',
    '::',
    '|',
    '[',
    '] ',
    '[a] ',
    '(a) ',
    '{',
    'a{b}',
    'a=b ',
    'a=" ',
    'a.',
    'A::',
    ' - ',
    '- ',
    '<1> ',
    '16:41:02 ',
    'INFO ',
    ',',
    ';',
  ];
  for (const start of starts) {
    for (const piece of pieces) {
      const line = start + piece.repeat(100_000);
      const began = performance.now();
      readHead(line);
      expect({ start, piece, slow: performance.now() - began > 3000 }).toEqual({ start, piece, slow: false });
    }
  }
});
