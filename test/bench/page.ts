import { readFile, writeFile } from 'node:fs/promises';
import { replaceSection } from '../../tools/docs/sections.js';
import { type Report, type ReportTable, ruleTable, tablesOf } from './report.js';
import type { RuleSetResult } from './rules.js';

const path = 'docs/performance.md';

/** Writes the numbers of a report into docs/performance.md. */
export async function updatePage(report: Report): Promise<void> {
  const lines = [
    '',
    `Measured on ${machineText(report.machine)}, with \`npm run bench -- ${report.quick ? '--quick ' : ''}--update-docs\`.`,
    ...tablesOf({ ...report, ruleSets: [] }).flatMap(markdown),
    '',
  ];
  await updateSection(path, 'numbers', lines);
  await updateRules(report.ruleSets, report.machine);
}

/** Writes what rules cost into docs/performance.md. */
export async function updateRules(results: readonly RuleSetResult[], machine: Report['machine']): Promise<void> {
  const measured = `Measured on ${machineText(machine)}, with \`npm run bench -- --rules --update-docs\`.`;
  await updateSection(path, 'rules', [...markdown(ruleTable(results)), '', measured, '']);
}

/** Writes a generated section of a page anew. */
export async function updateSection(page: string, name: string, lines: readonly string[]): Promise<void> {
  await writeFile(page, replaceSection(page, await readFile(page, 'utf8'), name, lines));
}

export function machineText({ cpu, cores, node }: Report['machine']): string {
  return `${cpu}, ${cores} cores, Node ${node}`;
}

export function markdown({ title, columns, rows }: ReportTable): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const isText = columns.map((_, index) => rows.every((row) => !/^[$\d]/.test(row[index] ?? '')));
  return ['', `### ${title}`, '', line(columns), line(isText.map((left) => (left ? '---' : '--:'))), ...rows.map(line)];
}
