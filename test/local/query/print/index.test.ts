import { stripVTControlCharacters as plain } from 'node:util';
import { expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import type { Answer, Row } from '../../../../local/query/answer.js';
import { type Format, printed } from '../../../../local/query/print/index.js';

const columns = ['path', 'n'];
const rows: Row[] = [
  ['/a, "b"', 12],
  ['/a/very/long/path/that/goes/on', 3],
  [null, null],
];

it('prints a table with numbers to the right', async () => {
  expect(await text({ columns, rows }, 'table')).toBe(
    [
      'path                               n',
      '──────────────────────────────  ────',
      '/a, "b"                           12',
      '/a/very/long/path/that/goes/on     3',
      'null                            null',
      '',
    ].join('\n'),
  );
});

it('cuts the widest column to the terminal', async () => {
  const lines = (await text({ columns, rows }, 'table', 24)).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(24);
  expect(lines[3]).toContain('…');
});

it('lets neither wide characters nor a terminal’s own commands move a column', async () => {
  const wide = [
    ['日本語のログ、とても長い行です', 1],
    ['👩‍👩‍👧‍👦 e\u0301\t\u001b[31mred\u001b[0m\u0007', 22],
    ['plain', 333],
  ];
  for (const width of [40, 20]) {
    const lines = (await text({ columns, rows: wide }, 'table', width)).trimEnd().split('\n');
    expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1);
    expect(lines.join('')).not.toMatch(/[\t\u0007\u001b]/);
  }
});

it('takes the widths from the first rows, and cuts what comes later to them', async () => {
  const first = Array.from({ length: 1111 }, () => ['short', 1]);
  const lines = (await text({ columns, rows: [...first, ['much longer than that', 2]] }, 'table'))
    .trimEnd()
    .split('\n');
  expect(lines[1]).toBe('─────  ─');
  expect(lines.at(-1)).toBe('much…  2');
});

it('prints rows too wide for any table one column a line, without the empty ones', async () => {
  const columns = Array.from({ length: 10 }, (_, index) => `column_${index}`);
  const row = columns.map((_, index) => (index % 2 ? null : index === 4 ? 'two\nlines' : 'x'.repeat(20)));
  const lines = (await text({ columns, rows: [row, row] }, 'table', 60)).split('\n');
  expect(lines.slice(1, 4)).toEqual([`column_2  ${'x'.repeat(20)}`, 'column_4  two', '          lines']);
  expect(lines.slice(6, 8)).toEqual(['─'.repeat(8), `column_0  ${'x'.repeat(20)}`]);
});

it('prints JSON and CSV', async () => {
  const objects = [
    { path: '/a, "b"', n: 12 },
    { path: '/a/very/long/path/that/goes/on', n: 3 },
    { path: null, n: null },
  ];
  expect(await text({ columns, rows }, 'json')).toBe(`${JSON.stringify(objects, null, 2)}\n`);
  expect(await text({ columns, rows: [] }, 'json')).toBe('[]\n');
  expect(await text({ columns, rows }, 'csv')).toBe('path,n\n"/a, ""b""",12\n/a/very/long/path/that/goes/on,3\n,\n');
});

it('shows the first rows while others are still to come', async () => {
  let asked = 0;
  async function* endless() {
    for (;;) yield [[`row ${asked++}`, asked]];
  }
  for (const format of ['table', 'json', 'csv'] as const) {
    asked = 0;
    let shown = '';
    for await (const lines of printed({ columns, rows: endless() }, format)) {
      shown += lines;
      if (shown.includes('row 3')) break;
    }
    expect(asked).toBeLessThanOrEqual(1001);
  }
});

/** In batches of different sizes, an empty one among them. */
async function text({ columns, rows }: { columns: string[]; rows: Row[] }, format: Format, width?: number) {
  async function* batches() {
    yield rows.slice(0, 1);
    yield [];
    for (let at = 1; at < rows.length; at += 111) yield rows.slice(at, at + 111);
  }
  const answer: Answer = { columns, rows: batches() };
  let shown = '';
  for await (const lines of printed(answer, format, width)) shown += lines;
  return plain(shown);
}
