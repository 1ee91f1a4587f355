import { expect, it } from '@jest/globals';
import { HeadParts } from '../../../../shared/parse/head/headParts.js';

function partsOf(line: string): HeadParts {
  return new HeadParts(line, line.length);
}

it.each([
  ['2026-11-22 16:41:02,123 x', '2026-11-22 16:41:02,123', ' x'],
  ['16:41:02.123 x', '16:41:02.123', ' x'],
])('the time of %j is %j', (line, time, rest) => {
  const head = partsOf(line);
  expect([head.readTime(), head.time, line.slice(head.at)]).toEqual([true, time, rest]);
  expect(head.readTime()).toBe(false);
});

it('a time in two pairs of brackets is one', () => {
  const head = partsOf('[2026-11-22][16:41:02] x');
  expect([head.readSplitTime(), head.time, head.at]).toEqual([true, '2026-11-22 16:41:02', 22]);
});

it.each([
  ['2026-11-22T16:41:02Z ERROR', ' ERROR', '2026-11-22T16:41:02Z'],
  ['W 261122 16:41:02 web:12', 'W  web:12', '261122 16:41:02'],
  ['main', 'main', undefined],
])('%j without its time is %j', (text, rest, time) => {
  const head = partsOf(`[${text}]`);
  expect([head.withoutTime(text, 1), head.time]).toEqual([rest, time]);
});

it('numbers are pid, tid and then number, a place in the source is the caller once, and ids are those of a request', () => {
  const head = partsOf('');
  const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const read = ['7', '8', '9', 'main.go:12', 'a.go:1', uuid, 'cart'].map((word) => head.readDetail(word));
  expect(read).toEqual([true, true, true, true, false, true, false]);
  expect(head.fields).toEqual([
    ['pid', 7],
    ['tid', 8],
    ['number', 9],
    ['caller', 'main.go:12'],
  ]);
  expect(head.requestId).toBe(uuid);
});

it.each([
  ['shop.views:52', { logger: 'shop.views' }, 52],
  ['main:o.a.z.s.ServerCnxnFactory@309', { thread: 'main', logger: 'o.a.z.s.ServerCnxnFactory' }, 309],
  ['L83', {}, 83],
])('%j is a place', (word, names, line) => {
  const head = partsOf('');
  expect(head.readPlace(word)).toBe(true);
  expect(head).toMatchObject(names);
  expect(head.fields).toEqual([['line', line]]);
});

it("the request's id is the first that the head has", () => {
  const head = partsOf('request_id=b request_id=c ');
  head.requestId = 'a';
  expect([head.readPair(), head.requestId, head.fields]).toEqual([true, 'a', []]);
  const other = partsOf('request_id="b" ');
  expect([other.readPair(), other.requestId]).toEqual([true, 'b']);
});

it('a place without a thread leaves the thread that was read before, and with one it does, too', () => {
  const head = partsOf('');
  head.thread = 'http-1';
  expect([head.readPlace('main:shop.views:52'), head.thread, head.logger]).toEqual([true, 'http-1', 'shop.views']);
  expect([head.readPlace('L83'), head.thread]).toEqual([true, 'http-1']);
});

it.each(['shop.views', 'cart2', '', '52'])('%j is no place', (word) => {
  const head = partsOf('');
  expect([head.readPlace(word), head.fields]).toEqual([false, []]);
});

it.each([
  ['id=7 x', [['id', '7']], undefined],
  ['name="a b" x', [['name', 'a b']], undefined],
  ['request_id=F-1 x', [], 'F-1'],
])('the pair of %j is read', (line, fields, requestId) => {
  const head = partsOf(line);
  expect([head.readPair(), head.fields, head.requestId]).toEqual([true, fields, requestId]);
  expect(line.slice(head.at)).toBe(' x');
});
