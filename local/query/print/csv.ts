import { stringify } from 'csv-stringify/sync';
import type { Answer } from '../answer.js';
import { cellText } from './cell.js';

/** RFC 4180 with a head; null is nothing between two commas. */
export async function* csvLines({ columns, rows }: Answer): AsyncGenerator<string> {
  yield stringify([columns]);
  for await (const some of rows) yield stringify(some.map((row) => row.map(cellText)));
}
