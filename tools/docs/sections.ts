import { createHash } from 'node:crypto';
import { columnsOfView, viewSql } from '../../shared/athena/views.js';
import {
  type Columns,
  type LogType,
  logTypes,
  storedTables,
  tables,
  viewColumns,
} from '../../shared/line/schema/index.js';
import { alarmResources } from '../monitoring/alarmResources.js';
import { dashboardResource } from '../monitoring/dashboard.js';
import { grafanaDashboard } from '../monitoring/grafana.js';
import { compatibilitySections } from './compatibility.js';
import { costSections } from './cost/sections.js';
import { exampleEc2Router } from './ec2Router.js';
import { exampleTaskDefinition, exampleTaskPolicy, fireLensSections } from './firelens.js';
import { formatSections } from './formats.js';
import { metricSections } from './metrics.js';
import { namedQueryResources, namedQueryTable } from './namedQueries.js';
import { redactionSections } from './redaction.js';

/** A file that is made from the code: all of it, or parts between the lines `begin generated: NAME` and `end generated: NAME`. */
export type GeneratedFile = FileWithSections | { readonly path: string; readonly whole: () => string };

interface FileWithSections {
  readonly path: string;
  /** The lines of each part, by its name. */
  readonly sections: { readonly [name: string]: () => readonly string[] };
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'docs/tables.md', sections: forEachTable(markdownTable) },
  {
    path: 'infra/resources/athena.yml',
    sections: {
      ...forEachTable(tableColumns),
      ...forEachTable(parquetColumns, 'parquet-'),
      ...forEachTable(otherColumns, 'other-'),
    },
  },
  { path: 'infra/resources/queries.yml', whole: namedQueryResources },
  { path: 'docs/query.md', sections: { 'named queries': namedQueryTable } },
  { path: 'infra/resources/compaction.yml', sections: { views: viewsVersion } },
  { path: 'infra/resources/alarms.yml', sections: { alarms: alarmResources } },
  { path: 'infra/resources/dashboard.yml', whole: dashboardResource },
  { path: 'infra/grafana/firesplit.json', whole: grafanaDashboard },
  { path: 'docs/formats.md', sections: formatSections },
  { path: 'docs/redaction.md', sections: redactionSections },
  { path: 'docs/metrics.md', sections: metricSections },
  { path: 'docs/local.md', sections: compatibilitySections },
  { path: 'docs/firelens.md', sections: fireLensSections },
  { path: 'docs/cost.md', sections: costSections },
  { path: 'infra/ecs/task-definition.json', whole: exampleTaskDefinition },
  { path: 'infra/ecs/task-role-policy.json', whole: exampleTaskPolicy },
  { path: 'infra/ecs/ec2-router.json', whole: exampleEc2Router },
];

/**
 * The text with each section written anew, indented like its `begin` line.
 *
 * @throws Error when a section is missing in the text.
 */
export function regenerate(file: GeneratedFile, text: string): string {
  if ('whole' in file) return file.whole();
  const { path, sections } = file;
  return Object.entries(sections).reduce(
    (current, [name, lines]) => replaceSection(path, current, name, lines()),
    text,
  );
}

/** The text of `path` with one section written anew. */
export function replaceSection(path: string, text: string, name: string, lines: readonly string[]): string {
  const markers = new RegExp(`^( *)(.*begin generated: ${name}\\b.*\\n)[^]*?(^ *.*end generated: ${name}\\b)`, 'm');
  if (!markers.test(text)) {
    throw new Error(`${path}: no "begin generated: ${name}" … "end generated: ${name}"; add both lines`);
  }
  return text.replace(markers, (_, indent: string, begin: string, end: string) =>
    [indent, begin, ...lines.map((line) => `${`${indent}${line}`.trimEnd()}\n`), end].join(''),
  );
}

function forEachTable(lines: (table: LogType) => readonly string[], prefix = ''): FileWithSections['sections'] {
  return Object.fromEntries((Object.keys(tables) as LogType[]).map((table) => [prefix + table, () => lines(table)]));
}

function markdownTable(table: LogType): string[] {
  return [
    '',
    '| Column | Type | Meaning |',
    '| --- | --- | --- |',
    ...Object.entries(columnsOfView(table)).map(
      ([name, { type, doc }]) => `| \`${name}\` | ${type} | ${doc.replaceAll('|', '\\|')} |`,
    ),
    '',
  ];
}

function tableColumns(table: LogType): string[] {
  return glueColumns(storedTables[table]);
}

/** What compaction adds to a row, beside the partition that it is in. */
function parquetColumns(table: LogType): string[] {
  const { arrived, hour } = viewColumns;
  return glueColumns({ ...storedTables[table], arrived, hour });
}

/** Without a partition, the day is one of them. */
function otherColumns(table: LogType): string[] {
  const { arrived, dt, hour } = viewColumns;
  return glueColumns({ ...storedTables[table], arrived, hour, dt });
}

/** Changes when the views do, for a deployment to have them written anew. */
function viewsVersion(): string[] {
  const sql = logTypes.map((type) => viewSql(type, '')).join('\n');
  return [`Version: ${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`];
}

/** Our column types are Glue's names for them. */
function glueColumns(columns: Columns): string[] {
  return Object.entries(columns).flatMap(([name, { type, doc }]) => [
    `- Name: ${name}`,
    `  Type: ${type}`,
    `  Comment: ${JSON.stringify(doc)}`,
  ]);
}
