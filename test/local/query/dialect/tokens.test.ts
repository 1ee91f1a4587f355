import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oneStatement, tokensOf } from '../../../../local/query/dialect/tokens.js';

it('takes off a semicolon at the end, and what stands behind it', () => {
  expect(oneStatement('select 1;')).toBe('select 1');
  expect(oneStatement("select ';' -- a; b\n ; -- c")).toBe("select ';' -- a; b\n ");
  expect(oneStatement('select 1 /* ; */')).toBe('select 1 /* ; */');
});

it.each([
  ['select 1; select 2', /^line 1:11: a second statement begins here; Athena takes one at a time/],
  ['select 1;;', /a second statement/],
  ['', /^line 1:1: there is no statement here/],
  ['-- only a comment', /there is no statement/],
  [';', /there is no statement/],
  ["select 'it''s", /^line 1:8: this text does not end/],
  ['select "a', /this name does not end/],
  ['select 1 /* open', /^line 1:10: this comment does not end/],
  ['select `a`', /use double quotes/],
  ['select\n  5xx', /^line 2:3: a name must not start with a digit/],
  ['select #a', /Athena knows no # here/],
])('refuses %j', (sql, message) => {
  expect(() => oneStatement(sql)).toThrow(message);
});

it('points at the place', () => {
  expect(() => oneStatement('select 1 as a,\n  `b`')).toThrow(/\n\n {4}`b`\n {4}\^$/);
});

it('finds every token of any mixture of tokens, blanks and comments', () => {
  const token = fc.constantFrom(
    'select',
    'x1',
    '"a ""b"',
    "'it''s'",
    '1',
    '1.5',
    '.5',
    '2e-3',
    '<>',
    '->',
    '||',
    '(',
    '-',
  );
  const blank = fc.constantFrom(' ', '\n', ' -- x\n', " /* ; ' */ ", '\t');
  fc.assert(
    fc.property(fc.array(fc.tuple(token, blank)), (parts) => {
      const sql = parts.flat().join('');
      const found = tokensOf(sql).slice(0, -1);
      expect(found.map(({ at, end }) => sql.slice(at, end))).toEqual(parts.map(([text]) => text));
    }),
  );
});
