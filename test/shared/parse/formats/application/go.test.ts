import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { glog, goLog, zapConsole } from '../../../../../shared/parse/formats/application/go.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, loggers, messages, pids } from '../../../../helpers/formats.js';

describe('Go', () => {
  itReads(goLog, [
    [
      '2026/11/22 16:41:02 http: panic serving 10.0.0.7:1: no\ngoroutine 7 [running]:\nmain.f()\n\t/app/main.go:9 +0x1d\n',
      {
        type: 'error',
        columns: {
          level: 'error',
          message: 'http: panic serving 10.0.0.7:1: no',
          exception: 'panic',
          stack: 'goroutine 7 [running]:\nmain.f()\n\t/app/main.go:9 +0x1d',
        },
        fields: { time: '2026/11/22 16:41:02' },
      },
    ],
    [
      '2026/11/22 16:41:02.123456 /src/main.go:23: warm',
      {
        type: 'app',
        columns: { message: 'warm' },
        fields: { time: '2026/11/22 16:41:02.123456', file: '/src/main.go:23' },
      },
    ],
  ]);
  itReads(glog, [
    [
      'W1122 16:41:02.123456       7 a_b.go:138] "slow" took="3s"',
      {
        type: 'app',
        columns: { level: 'warn', message: '"slow" took="3s"' },
        fields: { time: '1122 16:41:02.123456', thread: 7, file: 'a_b.go:138' },
      },
    ],
  ]);
  itReads(zapConsole, [
    [
      '2026-11-22T16:41:02.123Z\tDPANIC\tno\tdetail\t{"time": 1, "caller": "x", "order": 7}\nmain.f\n\t/app/main.go:9',
      {
        type: 'error',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'fatal', message: 'no\tdetail', stack: 'main.f\n\t/app/main.go:9' },
        fields: { 'fields.time': 1, 'fields.caller': 'x', order: 7 },
      },
    ],
    [
      '1.795365662123e+09\tinfo\tcart\tcart/main.go:23\tok\t{"time": 1, "caller": "x", "order": 7}',
      {
        type: 'app',
        columns: { level: 'info', logger: 'cart', message: 'ok' },
        fields: {
          time: '1.795365662123e+09',
          caller: 'cart/main.go:23',
          'fields.time': 1,
          'fields.caller': 'x',
          order: 7,
        },
      },
    ],
  ]);

  it('gives back what its loggers wrote', () => {
    fc.assert(
      fc.property(instants, pids, loggers, messages, (ms, pid, logger, message) => {
        expect(parseLine(`${iso(ms)}\tINFO\t${logger}\tcart/main.go:23\t${message}\t{"pid": ${pid}}`)).toEqual({
          type: 'app',
          time: ms,
          columns: { level: 'info', logger, message },
          fields: [
            ['caller', 'cart/main.go:23'],
            ['pid', pid],
          ],
        });
        const clock = `${iso(ms).slice(11, 23)}456`;
        expect(parseLine(`E1122 ${clock} ${String(pid).padStart(7)} main.go:9] ${message}`)).toEqual({
          type: 'error',
          time: undefined,
          columns: { level: 'error', message },
          fields: [
            ['time', `1122 ${clock}`],
            ['thread', pid],
            ['file', 'main.go:9'],
          ],
        });
      }),
    );
  });

  itIsLinear(goLog, ['2026/11/22 16:41:02 ', '2026/11/22 16:41:02 a.go:']);
  itIsLinear(glog, ['E1122 16:41:02.123456 ', 'E1122 16:41:02.123456 7 ']);
  itIsLinear(zapConsole, ['2026-11-22T16:41:02.123Z\tINFO\t', '2026-11-22T16:41:02.123Z\tINFO\ta\nb']);
});
