import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessJson } from '../../../../../shared/parse/formats/access/accessJson.js';
import { applicationJson } from '../../../../../shared/parse/formats/application/applicationJson.js';
import { logfmt } from '../../../../../shared/parse/formats/application/logfmt.js';

const usualKeys = ['time', 'level', 'msg', 'request_id', 'service', 'took', 'hits', '__proto__', 'toString'];
/** Under these JSON lines have columns too. */
const otherKeys = [
  'ts',
  'message',
  'name',
  'pid',
  'err',
  'stack',
  'trace_id',
  'traceparent',
  'status',
  'method',
  'path',
];
const value = fc.oneof(
  fc.constantFrom('', '-', '7', '200', 'GET', 'info', 'WARN', '2026-11-22T16:41:02Z', '/orders', 'Error: no stock'),
  fc.constantFrom('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'boom\n\tat com.shop.A.run(A.java:5)'),
  fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '=', '\n', 'é', '{') }),
);

it('reads what JSON of the same keys would say, whichever keys come', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom('level', ...usualKeys, ...otherKeys), value), {
    selector: ([key]) => key,
    minLength: 2,
  });
  fc.assert(
    fc.property(pairs, fc.constantFrom(' ', '  ', '\t'), (line, space) => {
      fc.pre(line.some(([key]) => ['level', 'msg', 'message', 'time', 'ts', 'method', 'status'].includes(key)));
      const object = Object.fromEntries(line);
      const text = line.map(([key, each]) => `${key}=${/^[^\s"\\=]+$/.test(each) ? each : JSON.stringify(each)}`);
      expect(logfmt.parse(text.join(space))).toEqual(accessJson.parse(object) ?? applicationJson.parse(object));
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['time=2026-11-22T16:41:02Z', 'one pair'],
  ['a=1 b=2', 'none of the keys of a log'],
  ['level=info and so on', 'text between the pairs'],
  ['level=info msg="never closed', 'a quote that is never closed'],
  ['level=info msg="quoted"twice', 'text behind a quote'],
  ['level=in"fo msg=x', 'a quote within a value'],
])('leaves %j to others: %s', (line) => {
  expect(logfmt.parse(line)).toBeUndefined();
});

it('keeps the last of a key that comes twice', () => {
  expect(logfmt.parse('level=info a=1 a=2')?.fields).toEqual([['a', '2']]);
});
