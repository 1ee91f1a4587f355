import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stackTrace } from '../../../../../shared/parse/formats/application/bareTrace.js';
import { plainText } from '../../../../../shared/parse/formats/application/plainText.js';
import { parseLine } from '../../../../../shared/parse/index.js';
import { itIsLinear, itReads, messages } from '../../../../helpers/formats.js';

describe('text of no known layout', () => {
  itReads(plainText, [
    ['warn: stock low', { type: 'app', columns: { level: 'warn', message: 'warn: stock low' } }],
    ['error budgets are fine', { type: 'app', columns: { message: 'error budgets are fine' } }],
    ['INFO[0000] up   port=8080', { type: 'app', columns: { level: 'info', message: 'INFO[0000] up   port=8080' } }],
    ['SEVERE: no', { type: 'error', columns: { level: 'error', message: 'SEVERE: no' } }],
    [
      'WARN retrying\nError: no\n    at f (a.js:1:1)',
      {
        type: 'app',
        columns: {
          level: 'warn',
          message: 'WARN retrying',
          exception: 'Error',
          stack: 'Error: no\n    at f (a.js:1:1)',
        },
      },
    ],
  ]);
  itReads(stackTrace, [
    [
      'panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d',
      {
        type: 'error',
        columns: {
          level: 'fatal',
          message: 'no',
          exception: 'panic',
          stack: 'panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d',
        },
      },
    ],
    ["app/models/order.rb:5:in 'create'", { type: 'error', columns: { message: "app/models/order.rb:5:in 'create'" } }],
    ['\t/app/main.go:9 +0x1d', { type: 'error', columns: { message: '\t/app/main.go:9 +0x1d' } }],
  ]);

  it('is kept whole', () => {
    fc.assert(
      fc.property(messages, messages, (first, second) => {
        fc.pre(!/^(?:trace|debug|info|warn|warning|error|fatal):/.test(first) && !/^[a-z]\w*=/.test(first));
        const message = `${first}\n${second}`;
        expect(parseLine(message)).toEqual({ type: 'app', time: undefined, columns: { message }, fields: [] });
      }),
    );
  });

  itIsLinear(plainText, ['ERROR ', 'a\n']);
  itIsLinear(stackTrace, ['Error: ', 'Caused by: a.', '\tat ', 'x:1:in ']);
});
