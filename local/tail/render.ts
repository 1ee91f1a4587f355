import pc from 'picocolors';
import type { Level } from '../../shared/parse/values/level.js';
import type { TailedRow } from '../console/tail.js';
import { printable } from '../terminal/printable.js';
import { levelOf } from './filter.js';

export interface RowOptions {
  readonly color: boolean;
}

/** A row as people read logs: time (UTC), service, level and what it says; a stack trace stands indented below. */
export function renderRow(tailed: TailedRow, { color }: RowOptions): string {
  const paint = pc.createColors(color);
  const { row } = tailed;
  const level = levelOf(tailed);
  const service = printable(text(row.service));
  const head = [
    paint.dim(text(row.ts).slice(11, 23)),
    paint[serviceColors[sumOf(service) % serviceColors.length] ?? 'cyan'](service.padEnd(SERVICE)),
    levelColor(paint, level)((level ?? '').padEnd(LEVEL)),
  ].join(' ');
  const said = tailed.type === 'access' ? accessText(row, paint) : entryText(row, paint);
  const stack = text(row.stack) === '' ? [] : text(row.stack).split('\n');
  // Many stacks begin with the message itself.
  const below = stack.length > 0 && stack[0]?.includes(text(row.message)) ? stack.slice(1) : stack;
  return [`${head} ${said}`, ...below.map((line) => paint.dim(`    ${printable(line)}`))].join('\n');
}

type Paint = ReturnType<typeof pc.createColors>;
type Row = TailedRow['row'];

const SERVICE = 12;
const LEVEL = 5;

function entryText(row: Row, paint: Paint): string {
  const [first = '', ...more] = text(row.message).split('\n');
  const exception = text(row.exception);
  const told = exception === '' || first.includes(exception) ? '' : `${paint.red(printable(exception))}: `;
  return [`${told}${printable(first)}`, ...more.map((line) => `    ${printable(line)}`)].join('\n');
}

function accessText(row: Row, paint: Paint): string {
  const status = text(row.status);
  const shown = status.startsWith('5') ? paint.red(status) : status.startsWith('4') ? paint.yellow(status) : status;
  const query = row.query === undefined || row.query === null ? '' : `?${text(row.query)}`;
  const request = printable(`${text(row.method)} ${text(row.path)}${query}`.trim());
  const took =
    row.duration_ms === undefined || row.duration_ms === null ? '' : paint.dim(` ${text(row.duration_ms)} ms`);
  return `${shown} ${request}${took}`;
}

function levelColor(paint: Paint, level: Level | undefined): (text: string) => string {
  switch (level) {
    case 'fatal':
    case 'error':
      return paint.red;
    case 'warn':
      return paint.yellow;
    case 'info':
      return paint.green;
    default:
      return paint.dim;
  }
}

/** Those that no level has. */
const serviceColors = ['cyan', 'magenta', 'blue', 'cyanBright', 'magentaBright', 'blueBright'] as const;

function sumOf(name: string): number {
  return [...name].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
