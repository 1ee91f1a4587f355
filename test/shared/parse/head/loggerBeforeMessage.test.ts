import { expect, it } from '@jest/globals';
import { HeadParts } from '../../../../shared/parse/head/headParts.js';
import { readLogger, readMarkedLogger } from '../../../../shared/parse/head/loggerBeforeMessage.js';

it.each([
  ['cart: saved', 'cart', 'saved'],
  ['in app: saved', 'app', 'saved'],
  ['request{id=7}: shop::pay: saved', 'shop::pay', 'saved'],
  ['com.shop.Cart - saved', 'com.shop.Cart', 'saved'],
])('the logger of %j is %s', (text, logger, message) => {
  const head = new HeadParts(text, text.length);
  expect(readLogger(head, false, false)).toBe(true);
  expect([head.logger, text.slice(head.at)]).toEqual([logger, message]);
});

it.each(['saved a cart', 'KeyError: x', 'https://shop.example.com: up', 'retry - 2'])('%j names no logger', (text) => {
  const head = new HeadParts(text, text.length);
  expect([readLogger(head, false, false), head.logger, head.at]).toEqual([false, undefined, 0]);
});

it('behind a thread any word with a dash behind it is a logger', () => {
  const head = new HeadParts('cart - saved', 12);
  expect([readMarkedLogger(head, true), head.logger, head.at]).toEqual([true, 'cart', 7]);
});

it('a head with a logger has no other', () => {
  const head = new HeadParts('cart: saved', 11);
  head.logger = 'shop';
  expect([readLogger(head, false, false), head.logger]).toEqual([false, 'shop']);
});

it("behind a letter stand MongoDB's component and thread", () => {
  const text = 'NETWORK  [conn1] connection reset';
  const head = new HeadParts(text, text.length);
  head.level = 'E';
  expect(readLogger(head, false, false)).toBe(true);
  expect([head.logger, head.thread, text.slice(head.at)]).toEqual(['NETWORK', 'conn1', 'connection reset']);
});
