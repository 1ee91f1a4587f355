import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barSeparated, dotnetConsole, serilogConsole } from '../../../../../shared/parse/formats/application/dotnet.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, loggers, messages, zoneless } from '../../../../helpers/formats.js';

describe('.NET', () => {
  itReads(dotnetConsole, [
    [
      'fail: Shop.Checkout[13]\n      checkout failed\n      System.InvalidOperationException: no stock\n       ---> System.IO.IOException: closed\n         at Shop.Db.Open()',
      {
        type: 'error',
        columns: {
          level: 'error',
          logger: 'Shop.Checkout',
          message: 'checkout failed',
          exception: 'System.InvalidOperationException',
          stack:
            'System.InvalidOperationException: no stock\n ---> System.IO.IOException: closed\n   at Shop.Db.Open()',
        },
        fields: { event_id: 13 },
      },
    ],
    [
      'warn: Shop.Checkout[0]\n      => SpanId:0123456789abcdef, TraceId:0123456789abcdef0123456789abcdef, ParentId:0000000000000000 => RequestPath:/pay RequestId:0HN:1\n      slow',
      {
        type: 'app',
        columns: {
          level: 'warn',
          logger: 'Shop.Checkout',
          message: 'slow',
          trace_id: '0123456789abcdef0123456789abcdef',
          span_id: '0123456789abcdef',
          request_id: '0HN:1',
        },
        fields: {
          scopes: [
            'SpanId:0123456789abcdef, TraceId:0123456789abcdef0123456789abcdef, ParentId:0000000000000000',
            'RequestPath:/pay RequestId:0HN:1',
          ],
        },
      },
    ],
    [
      '<4>2026-11-22T16:41:02.123+00:00 Shop.Checkout[7] slow',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'warn', logger: 'Shop.Checkout', message: 'slow' },
        fields: { event_id: 7 },
      },
    ],
  ]);
  itReads(serilogConsole, [
    [
      '[16:41:02 FTL] gone\nSystem.Exception: no stock\n   at Shop.Checkout.Run()',
      {
        type: 'error',
        columns: {
          level: 'fatal',
          message: 'gone',
          exception: 'System.Exception',
          stack: 'System.Exception: no stock\n   at Shop.Checkout.Run()',
        },
        fields: { time: '16:41:02' },
      },
    ],
  ]);
  itReads(barSeparated, [
    [
      '2026-11-22 16:41:02.1234|WARN|Shop.Checkout|a|b',
      {
        type: 'app',
        columns: { level: 'warn', logger: 'Shop.Checkout', message: 'a|b' },
        fields: { time: '2026-11-22 16:41:02.1234' },
      },
    ],
    [
      '2026-11-22 16:41:02.123 | ERROR    | shop:<module>:5 - failed\nTraceback (most recent call last):\n\n> File "/app/a.py", line 3, in <module>\n    f()\n\nZeroDivisionError: division by zero',
      {
        type: 'error',
        columns: {
          level: 'error',
          logger: 'shop',
          message: 'failed',
          exception: 'ZeroDivisionError',
          stack:
            'Traceback (most recent call last):\n\n> File "/app/a.py", line 3, in <module>\n    f()\n\nZeroDivisionError: division by zero',
        },
        fields: { time: '2026-11-22 16:41:02.123', function: '<module>', line: 5 },
      },
    ],
  ]);

  it('gives back what the consoles wrote', () => {
    fc.assert(
      fc.property(instants, loggers, fc.integer({ min: 1, max: 9999 }), messages, (ms, logger, event, message) => {
        const expected = { type: 'app', columns: { level: 'info', logger, message }, fields: [['event_id', event]] };
        expect(parseLine(`info: ${logger}[${event}]\n      ${message}`)).toMatchObject(expected);
        expect(parseLine(`<6>${logger}[${event}] ${message}`)).toMatchObject(expected);
        expect(parseLine(`${iso(ms)} info: ${logger}[${event}] ${message}`)).toMatchObject({ ...expected, time: ms });
        expect(parseLine(`${zoneless(ms)}|Info|${logger}|${message}`).columns).toEqual(expected.columns);
      }),
    );
  });

  itIsLinear(dotnetConsole, ['info: ', '<6>', 'info: a[0] ', 'info: a[0] => ', '2026']);
  itIsLinear(serilogConsole, ['[16:41:02 INF] ']);
  itIsLinear(barSeparated, [
    '2026-11-22 16:41:02.123|INFO|',
    '2026-11-22 16:41:02.123 | INFO ',
    '2026-11-22 16:41:02.123 | INFO | a',
  ]);
});
