import pc from 'picocolors';
import stringWidth from 'string-width';
import { printable } from '../../terminal/printable.js';
import type { Answer, Row } from '../answer.js';
import { cellText } from './cell.js';
import { recordLines } from './records.js';

/** The widths of columns go by so many rows, so that a long answer is shown while it arrives. */
const sampledRows = 1000;

/** The narrowest a cut column gets. */
const narrowest = 12;

/** Between two columns. */
const gap = '  ';

interface Column {
  readonly name: string;
  /** In columns of the terminal. */
  readonly width: number;
  readonly isNumber: boolean;
}

/**
 * Rules between head and rows only, numbers to the right, and no line wider than `width`. Values too long for their
 * column are cut; rows too wide to be cut are shown one column a line.
 */
export async function* tableLines(answer: Answer, width: number): AsyncGenerator<string> {
  const { sample, rest } = await sampled(answer.rows);
  const wanted = wantedColumns(answer.columns, sample);
  if (total(wanted.map((column) => Math.min(narrowest, column.width))) > width) {
    yield* recordLines(answer.columns, sample, rest);
    return;
  }
  const widths = fitted(
    wanted.map((column) => column.width),
    width,
  );
  const columns = wanted.map((column, index) => ({ ...column, width: widths[index] ?? 0 }));
  yield line(columns.map((column) => aligned(column, pc.bold, column.name)));
  yield line(columns.map((column) => pc.dim('─'.repeat(column.width))));
  if (sample.length > 0) yield lines(columns, sample);
  for await (const rows of rest) yield lines(columns, rows);
}

/** The first rows, and those that are still to come. */
async function sampled(rows: AsyncIterable<readonly Row[]>) {
  const iterator = rows[Symbol.asyncIterator]();
  const sample: Row[] = [];
  while (sample.length < sampledRows) {
    const { value, done } = await iterator.next();
    if (done) break;
    sample.push(...value);
  }
  const rest: AsyncIterable<readonly Row[]> = { [Symbol.asyncIterator]: () => iterator };
  return { sample, rest };
}

function wantedColumns(names: readonly string[], sample: readonly Row[]): Column[] {
  return names.map((name, index) => ({
    name,
    width: sample.reduce((most, row) => Math.max(most, widthOf(shown(row[index]))), widthOf(name)),
    isNumber: sample.length > 0 && sample.every((row) => row[index] === null || typeof row[index] === 'number'),
  }));
}

/** Takes from the widest columns, down to the width of the next, until all fit. */
function fitted(wanted: readonly number[], available: number): number[] {
  let [low, high] = [narrowest, Math.max(narrowest, ...wanted)];
  // The widest cap under which all fit.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (total(wanted.map((width) => Math.min(width, middle))) <= available) low = middle;
    else high = middle - 1;
  }
  const widths = wanted.map((width) => Math.min(width, low));
  let left = available - total(widths);
  return widths.map((width, index) => (width < (wanted[index] ?? 0) && left-- > 0 ? width + 1 : width));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}

function lines(columns: readonly Column[], rows: readonly Row[]): string {
  return rows
    .map((row) =>
      line(
        columns.map((column, index) => {
          const value = row[index];
          return aligned(column, value === null ? pc.dim : String, shown(value));
        }),
      ),
    )
    .join('');
}

function line(cells: readonly string[]): string {
  return `${cells.join(gap).trimEnd()}\n`;
}

function aligned({ width, isNumber }: Column, paint: (text: string) => string, text: string): string {
  const kept = cut(text, width);
  const padding = ' '.repeat(Math.max(0, width - widthOf(kept)));
  return isNumber ? padding + paint(kept) : paint(kept) + padding;
}

/** A text's beginning, as far as there is room. */
function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (isAscii(text)) return `${text.slice(0, width - 1)}…`;
  let [kept, used] = ['', 0];
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, 16 * width))) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function shown(value: unknown): string {
  if (value === null) return 'null';
  const text = cellText(value);
  return isAscii(text) ? text : printable(text.replaceAll(/\s/g, ' '));
}

function widthOf(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text);
}

/** What most values are, and what takes no thought. */
function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
