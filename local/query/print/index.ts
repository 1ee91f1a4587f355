import type { Answer } from '../answer.js';
import { csvLines } from './csv.js';
import { jsonLines } from './json.js';
import { tableLines } from './table.js';

export const formats = ['table', 'json', 'csv'] as const;
export type Format = (typeof formats)[number];

/**
 * An answer as text, while it arrives: some lines at a time, each ended.
 *
 * @param width columns of the terminal, which no line of a table exceeds
 */
export function printed(answer: Answer, format: Format, width = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
  switch (format) {
    case 'json':
      return jsonLines(answer);
    case 'csv':
      return csvLines(answer);
    case 'table':
      return tableLines(answer, width);
  }
}
