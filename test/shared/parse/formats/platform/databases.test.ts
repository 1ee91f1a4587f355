import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { erlangReport, mysqlError, redis } from '../../../../../shared/parse/formats/platform/databases.js';
import { postgres } from '../../../../../shared/parse/formats/platform/postgres.js';
import { postgresCsv } from '../../../../../shared/parse/formats/platform/postgresCsv.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, messages, pids, zoneless } from '../../../../helpers/formats.js';

describe('databases', () => {
  itReads(postgresCsv, [
    [
      '2026-11-22 16:41:02.123 UTC,"shop","orders",7,"10.0.0.7:51234",69a1b2c3.7,3,"SELECT",2026-11-22 16:40:00 UTC,3/4,0,ERROR,42P01,"relation ""x"" does\nnot exist",,,,,,"select 1, 2",15,,"psql"',
      {
        type: 'error',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'error', message: 'relation "x" does\nnot exist' },
        fields: {
          ...{ user: 'shop', dbname: 'orders', pid: 7, remote_host: '10.0.0.7:51234', session_id: '69a1b2c3.7' },
          ...{ line_num: 3, ps: 'SELECT', session_start: '2026-11-22 16:40:00 UTC', vxid: '3/4', txid: 0 },
          ...{ state_code: '42P01', statement: 'select 1, 2', cursor_position: 15, application_name: 'psql' },
        },
      },
    ],
    [
      `2026-11-22 16:41:02.123 UTC,,,1,,6.1,1,,2026-11-22 16:40:00 UTC,,0,DEBUG2,00000,"a",,,,,,,,,"","postmaster",,0,new`,
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'debug', message: 'a' },
        fields: {
          ...{ pid: 1, session_id: '6.1', line_num: 1, session_start: '2026-11-22 16:40:00 UTC', txid: 0 },
          ...{ state_code: '00000', backend_type: 'postmaster', query_id: '0', tail: 'new' },
        },
      },
    ],
  ]);
  itIsLinear(postgresCsv, ['2026-11-22 16:41:02.123 UTC,"', '2026-11-22 16:41:02.123 UTC,,"a']);

  itReads(mysqlError, [
    [
      '2026-11-22T16:41:02.123456Z 0 [System] [MY-010931] [Server] ready for connections',
      {
        type: 'app',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'info', logger: 'Server', message: 'ready for connections' },
        fields: { thread: 0, error_code: 'MY-010931' },
      },
    ],
    [
      '2026-11-22  4:41:02 7 [ERROR] InnoDB: no space',
      {
        type: 'error',
        columns: { level: 'error', message: 'InnoDB: no space' },
        fields: { time: '2026-11-22  4:41:02', thread: 7 },
      },
    ],
  ]);
  itReads(redis, [
    [
      '7:S 22 Nov 2026 16:41:02.123 * MASTER <-> REPLICA sync started',
      {
        type: 'app',
        columns: { level: 'info', message: 'MASTER <-> REPLICA sync started' },
        fields: { time: '22 Nov 2026 16:41:02.123', pid: 7, role: 'S' },
      },
    ],
  ]);
  itReads(erlangReport, [
    [
      '=CRASH REPORT==== 22-Nov-2026::16:41:02 ===\n  crasher: x',
      {
        type: 'error',
        columns: { level: 'error', message: 'crasher: x' },
        fields: { time: '22-Nov-2026::16:41:02', report: 'CRASH' },
      },
    ],
  ]);
  itReads(postgres, [
    [
      '2026-11-22 16:41:02.123 UTC [7] ERROR:  bad\n\tsecond line\nHINT:  try\nSTATEMENT:  SELECT 1\n\tFROM x\n',
      {
        type: 'error',
        time: '2026-11-22T16:41:02.123Z',
        columns: { level: 'error', message: 'bad\n\tsecond line' },
        fields: { pid: 7, hint: 'try', statement: 'SELECT 1\n\tFROM x' },
      },
    ],
    [
      '2026-11-22 16:41:02 CET [7] shop@orders DETAIL:  alone',
      {
        type: 'app',
        columns: { message: 'alone' },
        fields: { time: '2026-11-22 16:41:02 CET', pid: 7, user: 'shop', db: 'orders', level: 'DETAIL' },
      },
    ],
    [
      '2026-11-22 16:41:02 +01 [7] DEBUG2:  x',
      { type: 'app', time: '2026-11-22T15:41:02Z', columns: { level: 'debug', message: 'x' }, fields: { pid: 7 } },
    ],
  ]);

  it('give back what they wrote', () => {
    fc.assert(
      fc.property(instants, pids, messages, messages, (ms, pid, message, statement) => {
        expect(parseLine(`${iso(ms).slice(0, -1)}456Z ${pid} [Warning] [MY-010000] [Server] ${message}`)).toEqual({
          type: 'app',
          time: ms,
          columns: { level: 'warn', logger: 'Server', message },
          fields: [
            ['thread', pid],
            ['error_code', 'MY-010000'],
          ],
        });
        const prefix = `${zoneless(ms)} UTC [${pid}] `;
        expect(parseLine(`${prefix}ERROR:  ${message}\n${prefix}STATEMENT:  ${statement}`)).toEqual({
          type: 'error',
          time: ms,
          columns: { level: 'error', message },
          fields: [
            ['pid', pid],
            ['statement', statement],
          ],
        });
        expect(parseLine(`${pid}:M 22 Nov 2026 16:41:02.123 # ${message}`).columns).toEqual({ level: 'warn', message });
      }),
    );
  });

  itIsLinear(mysqlError, ['2026-11-22 16:41:02 7 [Note] ', '2026-11-22 16:41:02 ']);
  itIsLinear(redis, ['7:M ', '7:M 22 Nov 2026 16:41:02.123 * ']);
  itIsLinear(erlangReport, ['=', '=A REPORT==== ', '=A REPORT==== 22-Nov-2026::16:41:02 ===']);
  itIsLinear(postgres, [
    '2026-11-22 16:41:02 UTC',
    '2026-11-22 16:41:02 UTC [7] ERROR:  ',
    '2026-11-22 16:41:02 UTC [7] ERROR:  a\nDETAIL:  ',
  ]);
});
