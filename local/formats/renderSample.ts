import pc from 'picocolors';
import type { FormatSample } from '../../shared/config/formatSamples.js';
import { printable } from '../terminal/printable.js';
import { wrapWords } from '../terminal/wrapWords.js';

/** A line in a server's log format and what is read from it, for the terminal. */
export function renderSample({ name, server, line, type, time, columns, fields }: FormatSample): string {
  const values: readonly (readonly [string, string])[] = [
    ['type', type],
    ['time', time ?? 'of the collector: the format has none with a zone'],
    ...Object.entries(columns).map(([key, value]) => [key, String(value)] as const),
    ...Object.entries(fields).map(
      ([key, value]) => [`fields.${key}`, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
  ];
  const longest = Math.max(...values.map(([key]) => key.length));
  const width = Math.min(longest, LONGEST_NAME) + 2;
  return [
    `  ${pc.bold(name)}  ${pc.dim(directives[server])}`,
    ...wrapped(line, WIDTH - INDENT).map((part) => `${' '.repeat(INDENT)}${part}`),
    '',
    ...values.flatMap(([key, value]) => valueLines(key, value, width)),
    '',
  ].join('\n');
}

const directives = { nginx: "nginx's log_format", apache: "Apache's LogFormat" };
const WIDTH = 80;
const INDENT = 4;
/** A longer one has its value below itself. */
const LONGEST_NAME = 34;

function valueLines(key: string, value: string, width: number): string[] {
  const lines = wrapped(value, WIDTH - INDENT - width);
  const isLong = key.length > width - 2;
  const shown = isLong ? ['', ...lines] : lines;
  return shown.map((line, at) =>
    `${' '.repeat(INDENT)}${pc.cyan((at === 0 ? key : '').padEnd(width))}${line}`.trimEnd(),
  );
}

/** Broken between words, and within long ones behind commas: JSON may have no spaces. */
function wrapped(text: string, width: number): string[] {
  const pieces = new RegExp(`.{1,${width - 1}}(?:,|$)|.{1,${width}}`, 'gu');
  return wrapWords(printable(text), width).flatMap((line) => line.match(pieces) ?? ['']);
}
