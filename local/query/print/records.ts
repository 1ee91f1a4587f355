import pc from 'picocolors';
import { printable } from '../../terminal/printable.js';
import type { Row } from '../answer.js';
import { cellText } from './cell.js';

/** One column a line, for rows too wide to stand beside each other; columns without a value are left out. */
export async function* recordLines(
  columns: readonly string[],
  sample: readonly Row[],
  rest: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const width = Math.max(...columns.map(({ length }) => length));
  const rule = `${pc.dim('─'.repeat(width))}\n`;
  let before = '';
  for await (const rows of inOrder(sample, rest)) {
    for (const row of rows) {
      yield before + recordText(columns, row, width);
      before = rule;
    }
  }
}

async function* inOrder(sample: readonly Row[], rest: AsyncIterable<readonly Row[]>) {
  yield sample;
  yield* rest;
}

function recordText(columns: readonly string[], row: Row, width: number): string {
  return columns
    .flatMap((column, index) => {
      const value = row[index];
      if (value === null) return [];
      const [first = '', ...more] = cellText(value).split('\n').map(printable);
      const rest = more.map((text) => `${' '.repeat(width)}  ${text}\n`).join('');
      return `${pc.bold(column.padEnd(width))}  ${first}\n${rest}`;
    })
    .join('');
}
