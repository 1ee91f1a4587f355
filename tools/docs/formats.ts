import { unknownOrigin } from '../../shared/line/origin.js';
import { renderFields, renderRow } from '../../shared/line/row.js';
import type { Format, Sample } from '../../shared/parse/format.js';
import { jsonFormats, textFormats } from '../../shared/parse/formats/index.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { toRow } from '../../shared/treatment/toRow.js';

/** docs/formats.md: what the parsers make of their own samples. */
export const formatSections = {
  overview: () => overview([...textFormats, ...jsonFormats]),
  'text-formats': () => textFormats.flatMap(formatSection),
  'json-formats': () => jsonFormats.flatMap(formatSection),
} as const;

function overview(formats: readonly Format[]): string[] {
  return [
    '',
    '| Format | Written by | Table |',
    '| --- | --- | --- |',
    ...formats.map(({ name, samples }) => {
      const types = new Set(samples.map((sample) => read(sample).type));
      const writers = new Set(samples.map(({ of }) => of));
      return `| [${name}](#${name}) | ${[...writers].join('; ').replaceAll('|', '\\|')} | ${[...types].join(', ')} |`;
    }),
    '',
  ];
}

function formatSection({ name, samples }: Format): string[] {
  return ['', `### ${name}`, ...samples.flatMap(sampleLines), ''];
}

function sampleLines(sample: Sample): string[] {
  const { type, json } = read(sample);
  return [
    '',
    `${sample.of}, a row of \`${type}\`:`,
    '',
    '```text',
    ...sample.line.replaceAll('\u001b', '␛').split('\n'),
    '```',
    '',
    '```json',
    ...spread(json),
    '```',
  ];
}

function read({ line }: Sample): { type: string; json: string } {
  const row = toRow({ log: line, time: collectedAt, origin: unknownOrigin }, collectedAt, policy);
  return { type: row.type, json: `${renderRow(row, renderFields(row))}}` };
}

const policy = compilePolicy();
/** The time of a line that names none, or no zone. */
const collectedAt = Date.parse('2026-11-22T16:42:53.974Z');

/** The columns of a row, as many in a line as are read at a glance. */
function spread(json: string): string[] {
  const row = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const lines: string[] = [];
  for (const [name, value] of Object.entries(row)) {
    const cell = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const line = lines.at(-1);
    if (line !== undefined && line.length + cell.length + 2 <= WIDTH) lines[lines.length - 1] = `${line}, ${cell}`;
    else lines.push(cell);
  }
  return ['{', ...lines.map((line, index) => `  ${line}${index < lines.length - 1 ? ',' : ''}`), '}'];
}

const WIDTH = 110;
