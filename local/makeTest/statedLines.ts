import { showLines } from '../../shared/alerts/simulation/givenLines.js';
import { tables } from '../../shared/line/schema/index.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { readTest, type StatedTest, testStart } from '../../shared/rules/language/ruleTest.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { sampleColumns } from '../../shared/signals/sample.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { asText, compileReader, fieldsPrefix, RowView, type ViewedRow } from '../../shared/where/compileWhere.js';
import type { AlikeLines } from './keptLines.js';

export type StatedLines = StatedTest['given'][number];

/** How lines that are alike are written in a test. */
export interface Writing {
  readonly rule: Rule;
  readonly policy: LinePolicy;
  /** Columns, and paths into `fields`, that the rules look at. */
  readonly reads: ReadonlySet<string>;
}

/**
 * Lines as a test states them: as the text that was logged where the row has it all, so that it is read as this row again, and
 * by the columns that matter otherwise.
 *
 * @param at when, as a test writes it
 */
export function statedLines(lines: AlikeLines, at: string, writing: Writing): StatedLines {
  const repeat = lines.count > 1 ? { repeat: lines.count } : {};
  const raw = rawTexts(lines.row)
    .map((line) => ({ at, ...originOf(lines.row), line }))
    .find((stated) => readsBack(stated, lines, writing));
  return raw ? { ...raw, ...repeat } : { at, ...columnsOf(lines, writing), ...repeat };
}

/** What a container may have written for the row; longer texts are no reading for people. */
function rawTexts(row: ViewedRow): string[] {
  const { message, stack } = row as { message?: string; stack?: string };
  const texts = message === undefined ? [] : [message];
  if (stack !== undefined) texts.unshift(stack, ...texts.map((text) => `${text}\n${stack}`));
  return texts.filter((text) => text.trim() !== '' && text.length <= longestText);
}

const longestText = 2000;

function originOf(row: ViewedRow) {
  const { service, source, task, cluster } = row;
  return {
    service,
    ...(source === undefined || source === 'stdout' ? {} : { source }),
    ...(task === undefined ? {} : { task }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}

function readsBack(stated: StatedLines, { type, row }: AlikeLines, { rule, policy, reads }: Writing): boolean {
  if (row.service === undefined) return false;
  const { given } = readTest({ name: '', given: [stated], expect: [] }, type, { path: '', line: 0 });
  const { lines } = showLines(given, testStart, compileRules([rule], { asStream: false }), policy);
  const [only] = lines;
  if (!only || lines.length > 1 || only.type !== type) return false;
  const names = [...Object.keys(tables[type]).filter((name) => name !== 'ts' && name !== 'fields'), ...reads];
  return names.every((name) => valueIn(only.row, name) === valueIn(row, name));
}

/** Those that the rules look at, and those that people recognise a line by. */
function columnsOf({ type, row }: AlikeLines, { rule, reads }: Writing): Readonly<Record<string, string | number>> {
  const own = [...sampleColumns, 'exception'].filter((name) => name in tables[type]);
  const names = [...new Set([...own, ...reads])].filter((name) => name !== 'ts' && name !== 'fields');
  const values = names.flatMap((name) => {
    const value = valueIn(row, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...(rule.on[0] === type ? {} : { type }), ...Object.fromEntries(values) };
}

/** Values of `fields` as text, which rules compare alike. */
function valueIn(row: ViewedRow, name: string): string | number | undefined {
  if (!name.startsWith(fieldsPrefix)) {
    const columns: Omit<ViewedRow, 'clockOff'> = row;
    return (columns as Readonly<Record<string, string | number | undefined>>)[name];
  }
  const view = new RowView();
  view.show(row);
  const value = compileReader(name)(view);
  return typeof value === 'number' ? value : asText(value);
}
