import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monolog, phpError, phpFpm, phpFpmAccess } from '../../../../../shared/parse/formats/application/php.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, messages } from '../../../../helpers/formats.js';

const trace =
  'Uncaught App\\OutOfStock: no in /app/a.php:3\nStack trace:\n#0 /app/b.php(9): f()\n#1 {main}\n  thrown in /app/a.php on line 3';

describe('PHP', () => {
  itReads(phpError, [
    [
      `[22-Nov-2026 16:41:02 UTC] PHP Fatal error:  ${trace}`,
      {
        type: 'error',
        time: '2026-11-22T16:41:02Z',
        columns: {
          level: 'fatal',
          message: 'Uncaught App\\OutOfStock: no in /app/a.php:3',
          exception: 'App\\OutOfStock',
          stack: trace.slice(trace.indexOf('\n') + 1),
        },
        fields: { severity: 'Fatal error' },
      },
    ],
    [
      '[22-Nov-2026 17:41:02 Europe/Berlin] PHP Deprecated:  strftime() is deprecated in /app/a.php on line 3',
      {
        type: 'app',
        columns: { level: 'info', message: 'strftime() is deprecated in /app/a.php on line 3' },
        fields: { time: '22-Nov-2026 17:41:02 Europe/Berlin', severity: 'Deprecated' },
      },
    ],
  ]);
  itReads(phpFpm, [
    [
      '[22-Nov-2026 16:41:02.123456] DEBUG: pid 7, fpm_event_loop(), line 430: event module is epoll',
      {
        type: 'app',
        columns: { level: 'debug', logger: 'php-fpm', message: 'event module is epoll' },
        fields: { time: '22-Nov-2026 16:41:02.123456', pid: 7, function: 'fpm_event_loop', line: 430 },
      },
    ],
    [
      '[22-Nov-2026 16:41:02] WARNING: [pool www] child 8 said into stdout: "hello "you"", pipe is closed',
      {
        type: 'app',
        columns: { level: 'warn', logger: 'php-fpm', message: 'hello "you"' },
        fields: { time: '22-Nov-2026 16:41:02', pool: 'www', child: 8, stream: 'stdout' },
      },
    ],
    [
      '[22-Nov-2026 16:41:02] WARNING: [pool www] child 8 said into stderr: "NOTICE: PHP message: PHP Parse error:  syntax error in /app/a.php on line 3"',
      {
        type: 'error',
        columns: { level: 'error', message: 'syntax error in /app/a.php on line 3' },
        fields: {
          time: '22-Nov-2026 16:41:02',
          pool: 'www',
          child: 8,
          stream: 'stderr',
          severity: 'Parse error',
        },
      },
    ],
  ]);
  itReads(phpFpmAccess, [
    [
      '10.0.0.7 - anna 22/Nov/2026:16:41:02 +0000 "POST /a.php?b=c" 500',
      {
        type: 'access',
        time: '2026-11-22T16:41:02Z',
        columns: { client_ip: '10.0.0.7', method: 'POST', path: '/a.php', query: 'b=c', status: 500 },
        fields: { remote_user: 'anna' },
      },
    ],
  ]);
  itReads(monolog, [
    [
      '[2026-11-22T16:41:02.123456+00:00] shop.INFO: neither context nor extra',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'info', logger: 'shop', message: 'neither context nor extra' },
      },
    ],
    [
      '[2026-11-22T16:41:02.123456+00:00] shop.INFO: both are empty [] []',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'info', logger: 'shop', message: 'both are empty' },
      },
    ],
    [
      '[2026-11-22T16:41:02.123456+00:00] shop.INFO: a context alone {"uid":7}',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'info', logger: 'shop', message: 'a context alone' },
        fields: { context: { uid: 7 } },
      },
    ],
    [
      '[2026-11-22T16:41:02.123456+00:00] shop.NOTICE: a {"b": c {"b":{"c":"} {\\"d"}} {"uid":7}',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'info', logger: 'shop', message: 'a {"b": c' },
        fields: { context: { b: { c: '} {"d' } }, extra: { uid: 7 } },
      },
    ],
    [
      '[2026-11-22 16:41:02] local.ERROR: no {"userId":5,"exception":"[object] (App\\\\OutOfStock(code: 0): no at /app/a.php:3)\n[stacktrace]\n#0 {main}\n"} ',
      {
        type: 'error',
        columns: {
          level: 'error',
          logger: 'local',
          message: 'no',
          exception: 'App\\OutOfStock',
          stack: '[object] (App\\OutOfStock(code: 0): no at /app/a.php:3)\n[stacktrace]\n#0 {main}',
        },
        fields: { time: '2026-11-22 16:41:02', context: { userId: 5 } },
      },
    ],
  ]);

  it('gives back what Monolog wrote', () => {
    const objects = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.oneof(fc.integer(), fc.string(), fc.boolean()),
      {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(instants, messages, objects, (ms, message, context) => {
        fc.pre(!message.includes(' {"'));
        const line = `[${iso(ms).replace('Z', '+00:00')}] shop.ERROR: ${message} ${JSON.stringify(context)} []`;
        expect(parseLine(line)).toEqual({
          type: 'error',
          time: ms,
          columns: { level: 'error', logger: 'shop', message },
          fields: [['context', context]],
        });
      }),
    );
  });

  itIsLinear(phpError, ['PHP Fatal error:  ', 'PHP Fatal error:  Uncaught A', '[22-Nov-2026 16:41:02 ']);
  itIsLinear(phpFpm, [
    '[22-Nov-2026 16:41:02] NOTICE: ',
    '[22-Nov-2026 16:41:02] NOTICE: [pool www] child 8 said into stderr: "',
  ]);
  itIsLinear(phpFpmAccess, ['10.0.0.7 - ', '10.0.0.7 -  22/Nov/2026:16:41:02 +0000 "']);
  itIsLinear(monolog, [
    '[2026-11-22T16:41:02+00:00] ',
    '[2026-11-22T16:41:02+00:00] a.INFO: ',
    '[2026-11-22T16:41:02+00:00] a.INFO: {"a":"[object] (',
  ]);
});
