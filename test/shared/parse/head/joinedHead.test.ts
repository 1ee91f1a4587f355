import { expect, it } from '@jest/globals';
import { readHead } from '../../../../shared/parse/head/lineHead.js';

it.each([
  ['2026-11-22 16:41:36,469:shop.pay:ERROR:failed', { level: 'ERROR', logger: 'shop.pay' }, [], 'failed'],
  [
    '2026-11-22 16:41:02.123:WARN:oejs.Server:main: slow',
    { level: 'WARN', logger: 'oejs.Server' },
    [['thread', 'main']],
    'slow',
  ],
  [
    'MainThread::ERROR::2026-11-22 16:41:02,300::vdsm::74::vds::(run) x',
    { level: 'ERROR', logger: 'vdsm' },
    [
      ['thread', 'MainThread'],
      ['line', 74],
      ['context', 'vds'],
    ],
    '(run) x',
  ],
  [
    '2026-11-22 16:41:02.123 | INFO | shop.cart:run:52 - saved',
    { level: 'INFO', logger: 'shop.cart' },
    [
      ['function', 'run'],
      ['line', 52],
    ],
    'saved',
  ],
  ['2026-11-22 16:41:02;INFO;cart;saved', { level: 'INFO', logger: 'cart' }, [], 'saved'],
])('%j is read from joint to joint', (line, columns, fields, message) => {
  const head = readHead(line);
  expect(head).toMatchObject(columns);
  expect([head?.fields, line.slice(head?.end)]).toEqual([fields, message]);
});

it('values without a level among them are no head', () => {
  expect(readHead('2026-11-22 16:41:02|cart|saved|x')).toBeUndefined();
});
