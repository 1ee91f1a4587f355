import { stripVTControlCharacters as plain } from 'node:util';
import { expect, it } from '@jest/globals';
import { formatResult } from '../../../local/query/format.js';

const result = {
  columns: ['path', 'n'],
  rows: [
    ['/a, "b"', 12],
    ['/a/very/long/path/that/goes/on', 3],
    [null, null],
  ],
};

it('prints a table with numbers to the right', () => {
  expect(plain(formatResult(result, 'table'))).toBe(
    [
      'path                               n',
      '──────────────────────────────  ────',
      '/a, "b"                           12',
      '/a/very/long/path/that/goes/on     3',
      'null                            null',
    ].join('\n'),
  );
});

it('cuts the widest column to the terminal', () => {
  const lines = plain(formatResult(result, 'table', 24)).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(24);
  expect(lines[3]).toContain('…');
});

it('prints rows too wide for any table one column a line, without the empty ones', () => {
  const columns = Array.from({ length: 10 }, (_, index) => `column_${index}`);
  const rows = [columns.map((_, index) => (index % 2 ? null : 'x'.repeat(20)))];
  const lines = plain(formatResult({ columns, rows }, 'table', 60)).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[1]).toBe(`column_2  ${'x'.repeat(20)}`);
});

it('prints JSON and CSV', () => {
  expect(JSON.parse(formatResult(result, 'json'))).toEqual([
    { path: '/a, "b"', n: 12 },
    { path: '/a/very/long/path/that/goes/on', n: 3 },
    { path: null, n: null },
  ]);
  expect(formatResult(result, 'csv')).toBe('path,n\n"/a, ""b""",12\n/a/very/long/path/that/goes/on,3\n,');
});
