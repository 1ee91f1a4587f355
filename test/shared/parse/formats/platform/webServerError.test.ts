import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logfmt } from '../../../../../shared/parse/formats/application/logfmt.js';
import { apacheError, nginxError } from '../../../../../shared/parse/formats/platform/webServerError.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, messages, pids } from '../../../../helpers/formats.js';

describe('error logs of web servers', () => {
  itReads(nginxError, [
    [
      '2026/11/22 16:41:02 [error] 7#7: *2 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught RuntimeException: no in /a.php:3\nStack trace:\n#0 {main}" while reading response header from upstream, client: 203.0.113.9, server: shop, host: "shop"',
      {
        type: 'error',
        columns: {
          level: 'error',
          logger: 'nginx',
          message: 'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught RuntimeException: no in /a.php:3',
          exception: 'RuntimeException',
          stack: 'Stack trace:\n#0 {main}" while reading response header from upstream',
        },
        fields: {
          time: '2026/11/22 16:41:02',
          pid: 7,
          tid: 7,
          connection: 2,
          client: '203.0.113.9',
          server: 'shop',
          host: 'shop',
        },
      },
    ],
  ]);
  itReads(apacheError, [
    [
      '[Sun Nov 22 16:41:02 2026] [notice] Apache/2.2 configured',
      {
        type: 'app',
        columns: { level: 'info', logger: 'apache', message: 'Apache/2.2 configured' },
        fields: { time: 'Sun Nov 22 16:41:02 2026' },
      },
    ],
  ]);

  it('give back what they wrote', () => {
    fc.assert(
      fc.property(pids, messages, fc.ipV4(), (pid, message, client) => {
        const line = `2026/11/22 16:41:02 [crit] ${pid}#${pid}: *9 ${message}, client: ${client}, server: _`;
        expect(parseLine(line)).toMatchObject({
          columns: { level: 'fatal', logger: 'nginx', message },
          fields: [
            ['time', '2026/11/22 16:41:02'],
            ['pid', pid],
            ['tid', pid],
            ['connection', 9],
            ['client', client],
            ['server', '_'],
          ],
        });
        expect(parseLine(`[Sun Nov 22 16:41:02 2026] [core:warn] [pid ${pid}] ${message}`)).toMatchObject({
          columns: { level: 'warn', logger: 'apache.core', message },
        });
      }),
    );
  });

  itIsLinear(nginxError, [
    '2026/11/22 16:41:02 [error] 7#7: ',
    '2026/11/22 16:41:02 [error] 7#7: a, client: 1, server: ',
  ]);
  itIsLinear(apacheError, ['[Sun Nov 22 16:41:02 2026] [', '[Sun Nov 22 16:41:02 2026] [a:error] ']);
});

describe('logfmt', () => {
  it('gives back the pairs that were written', () => {
    const keys = fc.stringMatching(/^x_[a-z]{1,8}$/);
    fc.assert(
      fc.property(
        instants,
        fc.dictionary(keys, fc.string(), { noNullPrototype: true }),
        messages,
        (ms, pairs, message) => {
          const written = Object.entries(pairs).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
          expect(
            parseLine(`time=${iso(ms)} level=info msg=${JSON.stringify(message)}${written.join('')}`),
          ).toMatchObject({
            time: ms,
            columns: { level: 'info', message },
            fields: Object.entries(pairs),
          });
        },
      ),
    );
  });

  itIsLinear(logfmt, ['a=', 'a="', 'a=1 b="']);
});
