import { expect, it } from '@jest/globals';
import { scanLine, valueEnd } from '../../../shared/lanes/jsonScan.js';

function scan(line: string) {
  const escaped = JSON.stringify(line).slice(1, -1);
  return scanLine(`${escaped}"`, 0, escaped.length);
}

const unescaped = (text: string) => text.replaceAll('\\"', '"');

it('takes a line apart into constant texts, paths and values', () => {
  const scanned = scan('{"time":"16:41","req":{"method":"GET","note":""},"ctx":{}, "n": -1.5,"list":[1,2],"ok":true}');
  expect(scanned?.leaves.map(({ literal, kind }) => [unescaped(literal), kind])).toEqual([
    ['{"time":"', 'text'],
    ['","req":{"method":"', 'text'],
    ['","note":""},"ctx":{}, "n": ', 'number'],
    [',"list":', 'array'],
    [',"ok":', 'word'],
  ]);
  expect(scanned?.paths).toEqual([['time'], ['req', 'method'], ['n'], ['list'], ['ok']]);
  expect(scanned?.values).toEqual(['16:41', 'GET', '-1.5', '[1,2]', 'true']);
  expect(scanned?.tail).toBe('}');
});

it('says what follows the last value', () => {
  expect(unescaped(scan('{"a":{"b":{"c":"x"}},"d":""}')?.tail ?? '')).toBe('"}},"d":""}');
  expect(scan('{"a":""}')).toMatchObject({ leaves: [], values: [] });
});

it.each([
  '',
  '{',
  '{}',
  '{"a":1',
  '{"a":1}}',
  '{"a":1}x',
  '{"a":1 }',
  '{"a" :1}',
  '{"a":  1}',
  '{"a":}',
  '{"a":1,}',
  '{"a\\n":1}',
  '{a:1}',
  '["a"]',
  '{"a":"x}',
  '{"a":1234567890123456789012345}',
  '{"a":/}',
  '{"a":`}',
])('leaves %s to the full parse', (line) => {
  expect(scan(line)).toBeUndefined();
});

it.each([
  ['number', '0.9-,', 4],
  ['number', '/', 0],
  ['number', ':', 0],
  ['number', '123456789012345678901234,', 24],
  ['number', '1234567890123456789012345,', -1],
  ['word', 'az`', 2],
  ['word', 'az{', 2],
  ['word', 'aZ', 1],
] as const)('finds the end of the %s in %s at %d', (kind, text, end) => {
  expect(valueEnd(kind, text, 0)).toBe(end);
});
