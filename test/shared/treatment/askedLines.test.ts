import { expect, it } from '@jest/globals';
import { Origin } from '../../../shared/line/origin.js';
import type { Parsed } from '../../../shared/line/parsed.js';
import { AskedLines } from '../../../shared/treatment/askedLines.js';

const [web, cart] = [new Origin({ service: 'web' }), new Origin({ service: 'cart' })];
const read = (message: string): Parsed => ({ type: 'app', time: undefined, columns: { message }, fields: [] });

it('what was kept of the last two lines is given once', () => {
  const asked = new AskedLines();
  const [first, second, third] = [read('1'), read('2'), read('3')];
  asked.keep('a', web, first);
  asked.keep('b', web, second);
  asked.keep('c', web, third);
  expect([asked.take('a', web), asked.take('b', web), asked.take('c', web)]).toEqual([undefined, second, third]);
  expect([asked.take('b', web), asked.take('c', web)]).toEqual([undefined, undefined]);
});

it('the same line of another container is another line', () => {
  const asked = new AskedLines();
  asked.keep('a', web, read('1'));
  expect(asked.take('a', cart)).toBeUndefined();
  expect(asked.take('a', web)).toEqual(read('1'));
});
