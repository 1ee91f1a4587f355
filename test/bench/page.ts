import { readFile, writeFile } from 'node:fs/promises';
import { replaceSection } from '../../tools/docs/sections.js';
import { type Report, type ReportTable, tablesOf } from './report.js';

const path = 'docs/performance.md';

/** Writes the numbers of a report into docs/performance.md. */
export async function updatePage(report: Report): Promise<void> {
  const { cpu, cores, node } = report.machine;
  const lines = [
    '',
    `Measured on ${cpu}, ${cores} cores, Node ${node}, with \`npm run bench -- ${report.quick ? '--quick ' : ''}--update-docs\`.`,
    ...tablesOf(report).flatMap(markdown),
    '',
  ];
  await writeFile(path, replaceSection(path, await readFile(path, 'utf8'), 'numbers', lines));
}

function markdown({ title, columns, rows }: ReportTable): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const isText = columns.map((_, index) => rows.every((row) => !/^[$\d]/.test(row[index] ?? '')));
  return ['', `### ${title}`, '', line(columns), line(isText.map((left) => (left ? '---' : '--:'))), ...rows.map(line)];
}
