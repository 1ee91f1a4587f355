import { type Column, type LogType, tables } from '../../shared/schema/index.js';

/** A file with parts that are made from shared/schema, each between the lines `begin generated: NAME` and `end generated: NAME`. */
export interface GeneratedFile {
  readonly path: string;
  /** The lines of the part called like the table. */
  readonly section: (table: LogType) => readonly string[];
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'docs/tables.md', section: markdownTable },
  { path: 'infra/resources/athena.yml', section: glueColumns },
];

/**
 * The text with each section written anew, indented like its `begin` line.
 *
 * @throws Error when a table has no section in the text.
 */
export function regenerate({ path, section }: GeneratedFile, text: string): string {
  return (Object.keys(tables) as LogType[]).reduce((current, table) => {
    const markers = new RegExp(`^( *)(.*begin generated: ${table}\\b.*\\n)[^]*?(^ *.*end generated: ${table}\\b)`, 'm');
    if (!markers.test(current)) {
      throw new Error(`${path}: no "begin generated: ${table}" … "end generated: ${table}"; add both lines`);
    }
    return current.replace(markers, (_, indent: string, begin: string, end: string) =>
      [indent, begin, ...section(table).map((line) => `${indent}${line}\n`), end].join(''),
    );
  }, text);
}

function markdownTable(table: LogType): string[] {
  return [
    '',
    '| Column | Type | Meaning |',
    '| --- | --- | --- |',
    ...columnsOf(table).map(([name, { type, doc }]) => `| \`${name}\` | ${type} | ${doc.replaceAll('|', '\\|')} |`),
    '',
  ];
}

/** Our column types are Glue's names for them. */
function glueColumns(table: LogType): string[] {
  return columnsOf(table).flatMap(([name, { type, doc }]) => [
    `- Name: ${name}`,
    `  Type: ${type}`,
    `  Comment: ${JSON.stringify(doc)}`,
  ]);
}

function columnsOf(table: LogType): [string, Column][] {
  return Object.entries(tables[table]);
}
