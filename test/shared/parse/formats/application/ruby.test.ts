import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { railsRequest, rubyLogger } from '../../../../../shared/parse/formats/application/ruby.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { instants, iso, itIsLinear, itReads, messages, pids } from '../../../../helpers/formats.js';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const head = 'F, [2026-11-22T16:41:02.123456 #7] FATAL -- : ';
const fields = { time: '2026-11-22T16:41:02.123456', pid: 7 };

describe('Ruby', () => {
  itReads(rubyLogger, [
    [
      `${head}no stock (Shop::OutOfStock)\n/app/stock.rb:4:in 'reserve'\n/app/main.rb:9:in '<main>'`,
      {
        type: 'error',
        columns: {
          level: 'fatal',
          message: 'no stock (Shop::OutOfStock)',
          exception: 'Shop::OutOfStock',
          stack: "no stock (Shop::OutOfStock)\n/app/stock.rb:4:in 'reserve'\n/app/main.rb:9:in '<main>'",
        },
        fields,
      },
    ],
    [
      `${head}[shop] [7]   \n[shop] [7] NoMethodError (undefined method 'x' for nil):\n[shop] [7] app/models/order.rb:5:in 'create'`,
      {
        type: 'error',
        columns: {
          level: 'fatal',
          message: "NoMethodError (undefined method 'x' for nil):",
          exception: 'NoMethodError',
          stack: "NoMethodError (undefined method 'x' for nil):\napp/models/order.rb:5:in 'create'",
        },
        fields: { ...fields, tags: '[shop] [7]' },
      },
    ],
    [
      `${head}[${id}]   \n[${id}] NoMethodError (undefined method 'x' for nil):\n[${id}]   \n[${id}] app/models/order.rb:5:in 'create'`,
      {
        type: 'error',
        columns: {
          level: 'fatal',
          message: "NoMethodError (undefined method 'x' for nil):",
          exception: 'NoMethodError',
          stack: "NoMethodError (undefined method 'x' for nil):\n  \napp/models/order.rb:5:in 'create'",
          request_id: id,
        },
        fields,
      },
    ],
    [
      `I, [2026-11-22T16:41:02.123456 #7]  INFO -- : [${id}] Started GET "/a?b=c" for 203.0.113.9 at 2026-11-22 17:41:02 +0100`,
      {
        type: 'access',
        time: '2026-11-22T16:41:02Z',
        columns: { method: 'GET', path: '/a', query: 'b=c', client_ip: '203.0.113.9', request_id: id },
        fields,
      },
    ],
    [
      `I, [2026-11-22T16:41:02.123456 #7]  INFO -- : Completed 204 No Content in 3ms`,
      {
        type: 'app',
        columns: { level: 'info', message: 'Completed 204 No Content in 3ms' },
        fields: { ...fields, status: 204, duration_ms: 3 },
      },
    ],
  ]);
  itReads(railsRequest, [
    [
      'Started DELETE "/orders/7" for ::1 at 2026-11-22 16:41:02 +0000',
      {
        type: 'access',
        time: '2026-11-22T16:41:02Z',
        columns: { method: 'DELETE', path: '/orders/7', client_ip: '::1' },
      },
    ],
  ]);

  it('gives back what Logger wrote', () => {
    fc.assert(
      fc.property(
        instants,
        pids,
        fc.stringMatching(/^[A-Z][a-z]{0,8}(::[A-Z][a-z]{0,8}){0,2}$/),
        messages,
        (ms, pid, program, message) => {
          const time = `${iso(ms).slice(0, -1)}456`;
          expect(parseLine(`W, [${time} #${pid}]  WARN -- ${program}: ${message}`)).toEqual({
            type: 'app',
            time: undefined,
            columns: { level: 'warn', logger: program, message },
            fields: [
              ['time', time],
              ['pid', pid],
            ],
          });
        },
      ),
    );
  });

  itIsLinear(rubyLogger, [head, `${head}[${id}] `, `${head}Started GET "`, `${head}Completed 200 `]);
  itIsLinear(railsRequest, ['Started GET "/', 'Completed 200 ', 'Completed 200 OK in 1ms (']);
});
