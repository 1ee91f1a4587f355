import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { javaUtilLogging, log4j1, springBoot } from '../../../../../shared/parse/formats/application/java.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, loggers, messages, pids } from '../../../../helpers/formats.js';

const trace =
  'java.lang.IllegalStateException: no stock\n\tat a.B.c(B.java:1) ~[app.jar!/:1]\nCaused by: java.io.IOException\n\t... 2 more';

describe('Java', () => {
  itReads(springBoot, [
    [
      `2026-11-22T17:41:37.445+01:00 ERROR 1 --- [shop] [nio-8080-exec-1] [803b448a0489f84084905d3093480352-3425f23bb2432450] c.shop.Checkout   : failed\n\n${trace}`,
      {
        type: 'error',
        time: '2026-11-22T16:41:37.445Z',
        columns: {
          level: 'error',
          logger: 'c.shop.Checkout',
          message: 'failed',
          exception: 'java.lang.IllegalStateException',
          stack: trace,
          trace_id: '803b448a0489f84084905d3093480352',
          span_id: '3425f23bb2432450',
        },
        fields: { pid: 1, application: 'shop', thread: 'nio-8080-exec-1' },
      },
    ],
    [
      '2026-11-22T16:41:37.445Z  INFO 1 --- [shop] [           main] [                                                 ] c.shop.Checkout : ok : yes',
      {
        type: 'app',
        time: '2026-11-22T16:41:37.445Z',
        columns: { level: 'info', logger: 'c.shop.Checkout', message: 'ok : yes' },
        fields: { pid: 1, application: 'shop', thread: 'main' },
      },
    ],
    [
      '2026-11-22 16:41:37.445  INFO [shop,803b448a0489f840,3425f23bb2432450] 7 --- [main] c.shop.Checkout : ok',
      {
        type: 'app',
        columns: {
          level: 'info',
          logger: 'c.shop.Checkout',
          message: 'ok',
          trace_id: '803b448a0489f840',
          span_id: '3425f23bb2432450',
        },
        fields: { time: '2026-11-22 16:41:37.445', pid: 7, application: 'shop', thread: 'main' },
      },
    ],
  ]);
  itReads(javaUtilLogging, [
    [
      `Nov 22, 2026 4:41:37\u202fPM com.shop.Checkout main\nSEVERE: failed\n${trace}`,
      {
        type: 'error',
        columns: {
          level: 'error',
          logger: 'com.shop.Checkout',
          message: 'failed',
          exception: 'java.lang.IllegalStateException',
          stack: trace,
        },
        fields: { time: 'Nov 22, 2026 4:41:37\u202fPM', method: 'main' },
      },
    ],
  ]);
  itReads(log4j1, [
    [
      '467 [main] WARN  com.shop.Checkout order-7 - slow',
      {
        type: 'app',
        columns: { level: 'warn', logger: 'com.shop.Checkout', message: 'slow' },
        fields: { elapsed_ms: 467, thread: 'main', context: 'order-7' },
      },
    ],
  ]);

  it('gives back what Spring Boot wrote', () => {
    fc.assert(
      fc.property(instants, pids, loggers, messages, (ms, pid, logger, message) => {
        const line = `${iso(ms)}  WARN ${pid} --- [shop] [${'main'.padStart(15)}] ${logger.padEnd(40)} : ${message}`;
        expect(parseLine(line)).toEqual({
          type: 'app',
          time: ms,
          columns: { level: 'warn', logger, message },
          fields: [
            ['pid', pid],
            ['application', 'shop'],
            ['thread', 'main'],
          ],
        });
      }),
    );
  });

  itIsLinear(springBoot, [
    '2026-11-22T16:41:37.445Z  INFO 1 --- ',
    '2026-11-22T16:41:37.445Z  INFO 1 --- [a] [b] ',
    '2026-11-22T16:41:37.445Z  INFO ',
  ]);
  itIsLinear(javaUtilLogging, ['Nov 22, 2026 4:41:37 PM ', 'Nov 22, 2026 4:41:37 PM a b\nSEVERE: ']);
  itIsLinear(log4j1, ['467 [main] WARN ', '467 [main] WARN a ']);
});
