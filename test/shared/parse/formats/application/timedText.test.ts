import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timedMessage, timedText } from '../../../../../shared/parse/formats/application/timedText.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import {
  type Expected,
  instants,
  iso,
  itIsLinear,
  itReads,
  loggers,
  messages,
  zoneless,
} from '../../../../helpers/formats.js';

const info: Expected = { type: 'app', columns: { level: 'info', message: 'up' } };

describe('text that starts with a time', () => {
  itReads(timedText, [
    ...(
      [
        '2026-11-22 16:41:02',
        '2026/11/22 16:41:02.123456',
        '16:41:02.123',
        '22/Nov/2026 16:41:02',
        '22-Nov-2026 16:41:02.123',
        '11/22/2026 4:41:02 PM',
        'Nov 22, 2026 4:41:02 PM',
        'Sun Nov 22 16:41:02 2026',
      ] as const
    ).map((time) => [`${time} INFO up`, { ...info, fields: { time } }] as const),
    ...(
      [
        '2026-11-22T16:41:02Z',
        '[2026-11-22 17:41:02 +0100]',
        '2026-11-22 16:41:02,000 UTC',
        '[1795365662]',
        '[1795365662.000]',
        '22/Nov/2026:16:41:02 +0000',
        'Sun, 22 Nov 2026 16:41:02 GMT',
        'Sun Nov 22 16:41:02 UTC 2026',
        'Nov 22, 2026 4:41:02 PM UTC',
      ] as const
    ).map((time) => [`${time} [INFO] up`, { ...info, time: '2026-11-22T16:41:02Z' }] as const),
    ...['- INFO - up', '| INFO | up', '[info ] up', 'INFO: up'].map(
      (rest) => [`2026-11-22T16:41:02Z ${rest}`, { ...info, time: '2026-11-22T16:41:02Z' }] as const,
    ),
    [
      '2026-11-22T16:41:02Z [worker 3] INFO up',
      { ...info, time: '2026-11-22T16:41:02Z', fields: { thread: 'worker 3' } },
    ],
    ['2026-11-22T16:41:02Z info: up', { ...info, time: '2026-11-22T16:41:02Z' }],
    [
      '2026-11-22T16:41:02Z error opening file: x',
      {
        type: 'error',
        time: '2026-11-22T16:41:02Z',
        columns: { level: 'error', message: 'error opening file: x' },
      },
    ],
    [
      '2026-11-22T16:41:02Z [main] ERROR a.B - failed\njava.lang.Exception: no\n\tat a.B.c(B.java:1)',
      {
        type: 'error',
        time: '2026-11-22T16:41:02Z',
        columns: {
          level: 'error',
          logger: 'a.B',
          message: 'failed',
          exception: 'java.lang.Exception',
          stack: 'java.lang.Exception: no\n\tat a.B.c(B.java:1)',
        },
        fields: { thread: 'main' },
      },
    ],
  ]);
  itReads(timedMessage, [
    [
      '2026-11-22T16:41:02Z Default route',
      { type: 'app', time: '2026-11-22T16:41:02Z', columns: { message: 'Default route' } },
    ],
    [
      '[1795365662.5] http: no level',
      { type: 'app', time: '2026-11-22T16:41:02.500Z', columns: { message: 'http: no level' } },
    ],
  ]);

  it('gives back what loggers wrote in their layouts', () => {
    fc.assert(
      fc.property(instants, loggers, messages, (ms, logger, message) => {
        const columns = { level: 'warn', logger, message };
        expect(parseLine(`${iso(ms)} [main] WARN  ${logger} - ${message}`)).toMatchObject({ time: ms, columns });
        expect(parseLine(`${iso(ms)} WARN  [${logger}] (main) ${message}`)).toMatchObject({ time: ms, columns });
        expect(parseLine(`${iso(ms)} - ${logger} - WARNING - ${message}`)).toMatchObject({ time: ms, columns });
        expect(parseLine(`${iso(ms)} ${logger} WARNING ${message}`)).toMatchObject({ time: ms, columns });
        expect(parseLine(`${zoneless(ms)} WARNING ${logger}: ${message}`)).toMatchObject({
          time: undefined,
          columns,
          fields: [['time', zoneless(ms)]],
        });
      }),
    );
  });

  itIsLinear(timedText, [
    '2026-11-22 16:41:02',
    '2026-11-22 16:41:02 ',
    '2026-11-22 16:41:02 INFO ',
    '2026-11-22 16:41:02 INFO [a',
    '2026-11-22 16:41:02 INFO [a] b',
    '2026-11-22 16:41:02 [a] INFO b',
    '2026-11-22 16:41:02 - a ',
    '2026-11-22 16:41:02 [info',
    '2026-11-22 16:41:02 | INFO',
    '2026-11-22 16:41:02 a ',
  ]);
  itIsLinear(timedMessage, ['[', '2026-11-22 16:41:02 ', 'Nov']);
});
