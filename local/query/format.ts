import { stringify } from 'csv-stringify/sync';
import pc from 'picocolors';
import { borderlessTable } from '../terminal/borderlessTable.js';
import type { QueryResult } from './database.js';

export const formats = ['table', 'json', 'csv'] as const;
export type Format = (typeof formats)[number];

/** A query's answer as text, without a line break at its end. */
export function formatResult(result: QueryResult, format: Format, width = Number.POSITIVE_INFINITY): string {
  switch (format) {
    case 'json':
      return JSON.stringify(
        result.rows.map((row) => Object.fromEntries(result.columns.map((column, index) => [column, row[index]]))),
        null,
        2,
      );
    case 'csv':
      return stringify([result.columns, ...result.rows.map((row) => row.map(text))]).trimEnd();
    case 'table':
      return minimumWidth(result) > width ? formatRecords(result) : formatTable(result, width);
  }
}

/** The narrowest a cut column gets. */
const NARROWEST = 12;

function minimumWidth({ columns, rows }: QueryResult): number {
  return columns.reduce((sum, column, index) => {
    const widest = Math.max(column.length, ...rows.map((row) => text(row[index]).length));
    return sum + Math.min(NARROWEST, widest) + 2;
  }, -2);
}

/** One column a line, for rows too wide to stand beside each other; columns without a value are left out. */
function formatRecords({ columns, rows }: QueryResult): string {
  const width = Math.max(...columns.map(({ length }) => length));
  return rows
    .map((row) =>
      columns
        .flatMap((column, index) =>
          row[index] === null ? [] : `${pc.bold(column.padEnd(width))}  ${text(row[index])}`,
        )
        .join('\n'),
    )
    .join(`\n${pc.dim('─'.repeat(width))}\n`);
}

/** Rules between head and rows only, numbers to the right, and no line wider than the terminal. */
export function formatTable({ columns, rows }: QueryResult, width: number): string {
  const isNumber = columns.map(
    (_, index) => rows.length > 0 && rows.every((row) => row[index] === null || typeof row[index] === 'number'),
  );
  const cells = rows.map((row) => row.map((value) => (value === null ? 'null' : text(value).replaceAll(/\s/g, ' '))));
  const widths = fitWidths(
    columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0))),
    width,
  );
  const table = borderlessTable('  ', {
    colAligns: isNumber.map((number) => (number ? 'right' : 'left')),
    colWidths: widths,
  });
  table.push(columns.map((column) => pc.bold(column)));
  table.push(widths.map((size) => pc.dim('─'.repeat(size))));
  for (const [index, row] of cells.entries()) {
    table.push(row.map((cell, column) => (rows[index]?.[column] === null ? pc.dim('null') : cell)));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes from the widest column until all fit; two blanks stand between columns. */
function fitWidths(widths: number[], available: number): number[] {
  const fitted = [...widths];
  const total = () => fitted.reduce((sum, width) => sum + width, 2 * (fitted.length - 1));
  while (total() > available && Math.max(...fitted) > NARROWEST) {
    const widest = fitted.indexOf(Math.max(...fitted));
    fitted[widest] = Math.max(NARROWEST, (fitted[widest] ?? 0) - (total() - available));
    const next = Math.max(...fitted.filter((_, index) => index !== widest), NARROWEST);
    if ((fitted[widest] ?? 0) < next && total() < available)
      fitted[widest] = Math.min(next, (fitted[widest] ?? 0) + available - total());
  }
  return fitted;
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
