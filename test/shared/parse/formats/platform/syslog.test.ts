import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { syslog3164, syslog5424, syslogFile } from '../../../../../shared/parse/formats/platform/syslog.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, messages, pids } from '../../../../helpers/formats.js';

const levels = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

describe('syslog', () => {
  itReads(syslog5424, [
    [
      '<165>1 2026-11-22T16:41:02.123+01:00 web-1 billing - ID47 [a@1 b="]\\"\\\\"][c] \ufeffcharge failed',
      {
        type: 'app',
        time: '2026-11-22T15:41:02.123Z',
        columns: { level: 'info', logger: 'billing', message: 'charge failed' },
        fields: { facility: 20, host: 'web-1', msgid: 'ID47', 'a@1': { b: ']"\\' }, c: {} },
      },
    ],
    [
      '2026-11-22T16:41:02.123Z edge-1 NSX 3106 - [nsx@6876 comp="edge" level="ERROR"] keep-alive failed',
      {
        type: 'error',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'error', logger: 'NSX', message: 'keep-alive failed' },
        fields: { host: 'edge-1', procid: 3106, 'nsx@6876': { comp: 'edge', level: 'ERROR' } },
      },
    ],
    [
      '2026-11-22T16:41:02.123Z edge-1 NSX - - [a severity="WARN"][b c="d" level="high"] slow',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'warn', logger: 'NSX', message: 'slow' },
        fields: { host: 'edge-1', a: { severity: 'WARN' }, b: { c: 'd', level: 'high' } },
      },
    ],
    [
      '<14>1 - - NSX - - [a level="ERROR"] the priority decides',
      {
        type: 'app',
        columns: { level: 'info', logger: 'NSX', message: 'the priority decides' },
        fields: { facility: 1, a: { level: 'ERROR' } },
      },
    ],
    ['<8>1 - - - - - -', { type: 'error', columns: { level: 'fatal', message: '' }, fields: { facility: 1 } }],
  ]);
  itReads(syslog3164, [
    [
      '<38>Nov  2 16:41:02 app: without a host',
      {
        type: 'app',
        columns: { level: 'info', logger: 'app', message: 'without a host' },
        fields: { time: 'Nov  2 16:41:02', facility: 4 },
      },
    ],
    [
      '<14>Nov 22 16:41:02 web-1 app[7]: ERROR disk full',
      {
        type: 'error',
        columns: { level: 'error', logger: 'app', message: 'ERROR disk full' },
        fields: { time: 'Nov 22 16:41:02', facility: 1, host: 'web-1', pid: 7, level: 'info' },
      },
    ],
    ['<3>disk full', { type: 'error', columns: { level: 'error', message: 'disk full' }, fields: { facility: 0 } }],
    ['<4>KeyError: 7', { type: 'app', columns: { level: 'warn', message: 'KeyError: 7' }, fields: { facility: 0 } }],
  ]);
  itReads(syslogFile, [
    [
      '2026-11-22T16:41:02.123456+00:00 web-1 cron[812]: done',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { logger: 'cron', message: 'done' },
        fields: { host: 'web-1', pid: 812 },
      },
    ],
  ]);

  it.each([
    '<11>1 2026-11-22T16:41:02.123Z web-1 billing 7 - - ',
    '2026-11-22T16:41:02.123Z edge-1 NSX 3106 - [nsx@6876 comp="edge"] ',
    '<11>Nov 22 16:41:02 web-1 billing[7]: ',
    '2026-11-22T16:41:02.123456+00:00 web-1 billing[7]: ',
  ])('%j may have a message of several lines behind it', (head) => {
    expect(parseLine(`${head}charge failed\nretrying`).columns).toMatchObject({ message: 'charge failed\nretrying' });
  });

  it('gives back what was written, structured data too', () => {
    const names = fc.stringMatching(/^[a-z]{1,8}@\d{1,4}$/);
    const data = fc.dictionary(
      names,
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string(), { noNullPrototype: true }),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 191 }),
        instants,
        pids,
        data,
        messages,
        (priority, ms, pid, elements, message) => {
          const structured = Object.entries(elements).map(([id, pairs]) => {
            const written = Object.entries(pairs).map(
              ([key, value]) => ` ${key}="${value.replace(/["\\\]]/g, '\\$&')}"`,
            );
            return `[${id}${written.join('')}]`;
          });
          const line = `<${priority}>1 ${iso(ms)} web-1 billing ${pid} - ${structured.join('')} ${message}`;
          expect(parseLine(line)).toMatchObject({
            time: ms,
            columns: { level: levels[priority % 8], logger: 'billing', message },
            fields: [
              ['facility', Math.floor(priority / 8)],
              ['host', 'web-1'],
              ['procid', pid],
              ...Object.entries(elements),
            ],
          });
          expect(parseLine(`<${priority}>Nov 22 16:41:02 web-1 billing[${pid}]: ${message}`).columns).toEqual({
            level: levels[priority % 8],
            logger: 'billing',
            message,
          });
        },
      ),
    );
  });

  itIsLinear(syslog5424, ['<165>1 ', '<165>1 - - - - - [a', '<165>1 - - - - - [a b="', '<165>1 - - - - - [a b="c"][']);
  itIsLinear(syslog3164, [
    'Nov 22 16:41:02 ',
    '<3>',
    '<3>Nov 22 16:41:02 a b[',
    '<3>2026-11-22T16:41:02.123456+00:00 ',
  ]);
  itIsLinear(syslogFile, ['2026-11-22T16:41:02.123456+00:00 ', '2026-11-22T16:41:02Z app[']);
});
