import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  celery,
  djangoRequest,
  pythonDefault,
  pythonWarning,
} from '../../../../../shared/parse/formats/application/python.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, itIsLinear, itReads, loggers, messages, zoneless } from '../../../../helpers/formats.js';

describe('Python', () => {
  itReads(pythonDefault, [
    ['CRITICAL:root:gone', { type: 'error', columns: { level: 'fatal', logger: 'root', message: 'gone' } }],
    ['WARNING:  reload is on', { type: 'app', columns: { level: 'warn', message: 'reload is on' } }],
    [
      'ERROR:billing:charge failed\nTraceback (most recent call last):\n  File "/app/b.py", line 7, in charge\n    x()\nshop.OutOfStock: no\nstock',
      {
        type: 'error',
        columns: {
          level: 'error',
          logger: 'billing',
          message: 'charge failed',
          exception: 'shop.OutOfStock',
          stack:
            'Traceback (most recent call last):\n  File "/app/b.py", line 7, in charge\n    x()\nshop.OutOfStock: no\nstock',
        },
      },
    ],
  ]);
  itReads(celery, [
    [
      '[2026-11-22 16:41:02,123: WARNING/ForkPoolWorker-1] shop.charge[0f8fad5b-d9cb-469f-a165-70867728950e]: slow',
      {
        type: 'app',
        columns: { level: 'warn', logger: 'shop.charge', message: 'slow' },
        fields: {
          time: '2026-11-22 16:41:02,123',
          process_name: 'ForkPoolWorker-1',
          task_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
        },
      },
    ],
  ]);
  itReads(pythonWarning, [
    [
      '/app/a.py:3: UserWarning: old\n  f()',
      {
        type: 'app',
        columns: { level: 'warn', logger: 'UserWarning', message: 'old\n  f()' },
        fields: { filename: '/app/a.py', lineno: 3 },
      },
    ],
  ]);

  // Python still calls 413 as it was called before RFC 7231.
  const phrases = [...Object.entries(STATUS_CODES), ['413', 'Request Entity Too Large']].map(
    ([status, phrase = '']) => [Number(status), phrase] as const,
  );
  it.each(phrases.filter(([, phrase]) => djangoRequest.parse(`${phrase}: /a`)))(
    'Django means %d by %j',
    (status, phrase) => {
      expect(djangoRequest.parse(`${phrase} (POST): /a`)).toEqual({
        type: status >= 500 ? 'error' : 'app',
        columns: { level: status >= 500 ? 'error' : 'warn', message: `${phrase} (POST): /a` },
        fields: [
          ['status', status],
          ['path', '/a'],
        ],
      });
    },
  );

  it('knows the phrases of the errors that Django answers with', () => {
    const known = phrases.filter(([, phrase]) => djangoRequest.parse(`${phrase}: /a`)).map(([status]) => status);
    expect(known).toEqual(expect.arrayContaining([400, 401, 403, 404, 405, 408, 413, 429, 500, 502, 503, 504]));
  });

  it('gives back what its loggers wrote', () => {
    fc.assert(
      fc.property(loggers, messages, instants, (logger, message, ms) => {
        expect(parseLine(`ERROR:${logger}:${message}`).columns).toEqual({ level: 'error', logger, message });
        const time = zoneless(ms).replace('.', ',');
        const task = '0f8fad5b-d9cb-469f-a165-70867728950e';
        expect(parseLine(`[${time}: INFO/MainProcess] ${logger}[${task}]: ${message}`)).toMatchObject({
          columns: { level: 'info', logger, message },
          fields: [
            ['time', time],
            ['process_name', 'MainProcess'],
            ['task_id', task],
          ],
        });
      }),
    );
  });

  itIsLinear(pythonDefault, ['ERROR:', 'INFO:    ']);
  itIsLinear(celery, ['[2026-11-22 16:41:02,123: INFO/', '[2026-11-22 16:41:02,123: INFO/a] ']);
  itIsLinear(pythonWarning, ['/a:1: ']);
});
