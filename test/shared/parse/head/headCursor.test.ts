import { expect, it } from '@jest/globals';
import { HeadCursor } from '../../../../shared/parse/head/headCursor.js';

function cursorOn(line: string): HeadCursor {
  return new HeadCursor(line, line.length);
}

it.each([
  ['[ main ] x', { text: 'main', start: 2, end: 8, open: '[' }],
  ['(a)(b)', { text: 'a', start: 1, end: 3, open: '(' }],
  ['<Error> x', { text: 'Error', start: 1, end: 7, open: '<' }],
  ['{} x', { text: '', start: 1, end: 2, open: '{' }],
])('the group of %j is %j', (line, group) => {
  const cursor = cursorOn(line);
  expect(cursor.readGroup()).toEqual(group);
  expect(cursor.at).toBe(group.end);
});

it.each(['main', '', '[main'])('%j starts with no group', (line) => {
  const cursor = cursorOn(line);
  expect(cursor.readGroup()).toBeUndefined();
  expect(cursor.at).toBe(0);
});

it('a group that closes behind the limit is none', () => {
  expect(new HeadCursor('[main] x', 5).readGroup()).toBeUndefined();
});

it.each([
  [' - x', '-', 'x'],
  [' -- x', '-', 'x'],
  [': x', ':', 'x'],
  [', x', '', 'x'],
  ['   x', '', 'x'],
  [' - : x', ':', 'x'],
  [' -x', '', '-x'],
  [':x', '', ':x'],
  [' > x', '-', 'x'],
])('the separators of %j have the sign %j and leave %j', (line, sign, rest) => {
  const cursor = cursorOn(line);
  expect(cursor.skipSeparators()).toBe(sign);
  expect(line.slice(cursor.at)).toBe(rest);
  expect(cursor.isParted).toBe(sign !== '');
});

it.each([
  ['::x', '::'],
  [':x', ':'],
  [',x', ','],
  [';x', ';'],
  ['  | x', '|'],
  [': x', undefined],
  [' x', undefined],
])('the joint at %j is %s', (line, joint) => {
  expect(cursorOn(line).jointAt()).toBe(joint);
});

it.each([
  ['main x', 4],
  ['main|x', 4],
  ['main[7]', 4],
  ['main', 4],
])('the word of %j ends at %d', (line, end) => {
  expect(cursorOn(line).wordEnd(0)).toBe(end);
});
