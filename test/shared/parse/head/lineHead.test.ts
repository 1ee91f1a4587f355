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

describe('prose', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[a-z]{1,9}$/),
    fc.constantFrom('error', 'ERROR', 'warning', 'INFO', 'fatal', '[ERROR]', 'Error', 'panic', 'E', '-', '|', '(main)'),
  );
  const start = fc
    .tuple(fc.stringMatching(/^[A-Z]?[a-z]{2,8}$/), fc.stringMatching(/^[a-z]{1,8}$/))
    .filter((words) => words.every((each) => parseLevel(each) === undefined));

  it('has no level by a word within it', () => {
    fc.assert(
      fc.property(start, fc.array(word, { minLength: 1, maxLength: 8 }), ([first, second], rest) => {
        const text = [first, second, ...rest].join(' ');
        expect(parseLine(text).columns).toEqual({ message: text });
      }),
    );
  });

  it('behind a time has none either', () => {
    fc.assert(
      fc.property(instants, start, fc.array(word, { minLength: 1, maxLength: 8 }), (ms, [first, second], rest) => {
        const text = [first, second, ...rest].join(' ');
        expect(parseLine(`${iso(ms)} ${text}`)).toEqual({
          type: 'app',
          time: ms,
          columns: { message: text },
          fields: [],
        });
      }),
    );
  });

  it.each([
    '2026-11-22T16:41:02Z http: panic serving 10.0.0.7:51234: no stock',
    '2026-11-22T16:41:02Z cannot read config: ERROR 7 in line 3',
    '2026-11-22T16:41:02Z E is a letter',
    'E is a letter',
    'error budgets are fine',
    '[worker] the ERROR queue is empty',
    'Configuration 2026-11-22 has no ERROR',
  ])('%j states no level', (line) => {
    expect(parseLine(line).columns).not.toHaveProperty('level');
  });
});

it.each([
  '2026-11-22T16:41:02Z INFO order=1 id=2',
  '2026-11-22T16:41:02Z INFO [1/5] building',
  '2026-11-22T16:41:02Z INFO Retrying - attempt 2',
  "2026-11-22T16:41:02Z INFO KeyError: 'x'",
  '2026-11-22T16:41:02Z INFO https://shop.example.com: up',
  '2026-11-22T16:41:02Z INFO (deprecated) use the other',
  '2026-11-22T16:41:02Z INFO user logged in: anna',
])('%j keeps what stands behind the level in its message', (line) => {
  expect(parseLine(line).columns).toEqual({ level: 'info', message: line.slice('2026-11-22T16:41:02Z INFO '.length) });
});

it.each<[string, object]>([
  // What stands behind a sign belongs to the message.
  ['main.go:12: [cart] saved', { message: '[cart] saved' }],
  ['main.go:12 - [cart] saved', { message: '[cart] saved' }],
  ['[cart] saved', { logger: 'cart', message: 'saved' }],
])('what stands behind the level in %j is read', (text, columns) => {
  expect(parseLine(`2026-11-22T16:41:02Z INFO ${text}`).columns).toEqual({ level: 'info', ...columns });
});

describe('names in brackets behind the level', () => {
  const uuid = 'a8098c1a-f86e-11da-bd1a-00112444be1e';

  it.each<[string, Record<string, unknown>, [string, unknown][]]>([
    ['INFO [cart][worker-1] saved', { logger: 'cart' }, [['thread', 'worker-1']]],
    ['INFO [cart] [node-1] saved', { logger: 'cart' }, [['context', 'node-1']]],
    ['INFO [cart](worker-1) saved', { logger: 'cart' }, [['thread', 'worker-1']]],
    ['INFO (worker-1) [cart] saved', { logger: 'cart' }, [['thread', 'worker-1']]],
    [
      '[main] INFO [cart][worker-1] saved',
      { logger: 'cart' },
      [
        ['thread', 'main'],
        ['context', 'worker-1'],
      ],
    ],
    [
      'INFO [cart][worker-1][x] saved',
      { logger: 'cart' },
      [
        ['thread', 'worker-1'],
        ['context', 'x'],
      ],
    ],
    [
      '[main] INFO cart [order 7] - saved',
      { logger: 'cart' },
      [
        ['thread', 'main'],
        ['context', 'order 7'],
      ],
    ],
    ['[main] INFO cart [(null)] - saved', { logger: 'cart' }, [['thread', 'main']]],
    ['[main] INFO cart - saved', { logger: 'cart' }, [['thread', 'main']]],
    [
      '[worker/INFO] [main] cart: saved',
      { logger: 'cart' },
      [
        ['thread', 'worker'],
        ['context', 'main'],
      ],
    ],
    ['INFO [req-a1] cart: saved', { logger: 'cart', request_id: 'req-a1' }, []],
    ['7 INFO [req-a1] cart: saved', { logger: 'cart', request_id: 'req-a1' }, [['pid', 7]]],
    [
      '7 INFO [worker-1] cart: saved',
      { logger: 'cart' },
      [
        ['thread', 'worker-1'],
        ['pid', 7],
      ],
    ],
    [`INFO [${uuid}] cart: saved`, { logger: 'cart', request_id: uuid }, []],
    [`INFO [0${uuid.slice(1)}] cart: saved`, { logger: 'cart', request_id: `0${uuid.slice(1)}` }, []],
    [`7 INFO [${uuid}] cart: saved`, { logger: 'cart', request_id: uuid }, [['pid', 7]]],
  ])('%s', (text, columns, fields) => {
    expect(parseLine(`2026-11-22T16:41:02Z ${text}`)).toEqual({
      type: 'app',
      time: Date.UTC(2026, 10, 22, 16, 41, 2),
      columns: { level: 'info', message: 'saved', ...columns },
      fields,
    });
  });
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
