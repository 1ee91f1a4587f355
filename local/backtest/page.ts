import pc from 'picocolors';
import type { Severity } from '../../shared/conditions/ruleSettings.js';
import { otherKey } from '../../shared/signals/alertKey.js';
import { formatDuration } from '../../shared/text/statedDuration.js';
import { bytesText, counted } from '../../shared/text/wording.js';
import { printable } from '../terminal/printable.js';
import { bars, type Columns, digits, scale } from './chart.js';
import type { Period } from './period.js';
import type { Progress } from './slot.js';
import type { KeySummary, RuleSummary } from './summary.js';

export interface BacktestResult {
  readonly period: Period;
  readonly columns: Columns;
  readonly read: Progress;
  /** Milliseconds that it took. */
  readonly took: number;
  readonly rules: readonly RuleSummary[];
  /** Digests that would have been posted. */
  readonly digests: number;
}

/** Characters that a chart takes beside its indentation, on a terminal of 80. */
export const chartColumns = 74;

/** A backtest for the terminal, at most 80 characters wide. */
export function renderBacktest({ period, columns, read, took, rules, digests }: BacktestResult): string {
  const told = rules.filter(({ alerts }) => alerts > 0);
  const held = rules.filter(({ alerts, lines }) => alerts === 0 && lines > 0);
  const quiet = rules.filter(({ alerts, lines }) => alerts === 0 && lines === 0);
  return [
    '',
    `  ${pc.bold(`${utcText(period.from)} to ${utcText(period.to)} UTC`)}${pc.dim(`, columns of ${formatDuration(columns.width)}`)}`,
    `  ${pc.dim(readText(read, took))}`,
    ...[...told, ...held].flatMap((rule) => ['', ...ruleLines(rule, columns)]),
    '',
    ...(quiet.length > 0
      ? wrapped(`nothing matched: ${quiet.map(({ rule }) => rule.name).join(', ')}`).map(pc.dim)
      : []),
    `  ${verdict(told, digests)}`,
    '',
  ].join('\n');
}

/** The same for programs; times are ISO 8601. */
export function backtestAsJson({ period, columns, read, rules, digests }: BacktestResult) {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    from: iso(period.from),
    to: iso(period.to),
    rows: read.rows,
    bytes: read.bytes,
    unreadable: read.unreadable,
    digests,
    columns: { start: iso(columns.start), seconds: columns.width / 1000, count: columns.count },
    rules: rules.map(({ rule, first, last, keys, ...figures }) => ({
      rule: rule.name,
      severity: rule.severity,
      ...figures,
      ...(first !== undefined && last !== undefined && { first: iso(first), last: iso(last) }),
      keys: keys.map((key) => ({ ...key, first: iso(key.first), last: iso(key.last) })),
    })),
  };
}

function ruleLines(summary: RuleSummary, columns: Columns): string[] {
  const { rule, alerts, lines, linesOver, alertsOver, keys } = summary;
  const paint = paints[rule.severity];
  const figures = `${counted(alerts, 'alert')} of ${counted(lines, 'line')}`;
  const kind = `${rule.severity}, ${rule.type}${rule.mode === 'shadow' ? ', shadow' : ''}`;
  const head = `  ${paint('●')} ${pc.bold(rule.name)}`;
  const free = chartColumns - rule.name.length - kind.length - figures.length - 1;
  const told = alerts > 0 ? paint(figures) : pc.dim(figures);
  return [
    ...(free > 0
      ? [`${head} ${pc.dim(kind)}${' '.repeat(free)}${told}`]
      : [head, `${INDENT}${pc.dim(kind)}${' '.repeat(chartColumns - kind.length - figures.length)}${told}`]),
    ...(lines > 0 ? [`${INDENT}${pc.cyan(bars(linesOver).trimEnd())}`] : []),
    ...(alerts > 0 ? [`${INDENT}${paint(digits(alertsOver).trimEnd())}`] : []),
    `${INDENT}${pc.dim(scale(columns).trimEnd())}`,
    ...detailLines(summary, columns),
    ...keyLines(keys),
  ];
}

function detailLines(summary: RuleSummary, { width }: Columns): string[] {
  const { alerts, first, last, suppressed, digested, resolved, linesOver } = summary;
  const details: string[] = [];
  if (first !== undefined && last !== undefined) {
    details.push(alerts === 1 ? `at ${utcText(first)}` : `first ${utcText(first)}, last ${utcText(last)}`);
  }
  details.push(`peak ${counted(Math.max(...linesOver), 'line')} in ${formatDuration(width)}`);
  if (suppressed > 0) details.push(`${counted(suppressed, 'line')} held back first`);
  if (digested > 0) details.push(`${digested.toLocaleString('en')} in digests`);
  if (resolved > 0) details.push(`${resolved.toLocaleString('en')} told to be over`);
  return wrapped(details.join('; '), INDENT).map(pc.dim);
}

function keyLines(keys: readonly KeySummary[]): string[] {
  const shown = keys.slice(0, keys.length === SHOWN_KEYS + 1 ? SHOWN_KEYS + 1 : SHOWN_KEYS);
  const figures = shown.map(({ alerts, lines }) => [counted(alerts, 'alert'), counted(lines, 'line')] as const);
  const widths = [0, 1].map((index) => Math.max(...figures.map((row) => (row[index as 0 | 1] ?? '').length)));
  const room = chartColumns - (widths[0] ?? 0) - (widths[1] ?? 0) - 6;
  const lines = shown.map(({ key }, index) => {
    const [alerts = '', count = ''] = figures[index] ?? [];
    return `${INDENT}${nameOf(key, room).padEnd(room)}   ${alerts.padStart(widths[0] ?? 0)}   ${count.padStart(widths[1] ?? 0)}`;
  });
  const others = keys.length - shown.length;
  return others > 0 ? [...lines, `${INDENT}${pc.dim(`and ${counted(others, 'more key')}`)}`] : lines;
}

const SHOWN_KEYS = 5;

function nameOf(key: string, room: number): string {
  if (key === otherKey) return '(all others)';
  const characters = [...(printable(key) || '(none)')];
  return characters.length <= room ? characters.join('') : `${characters.slice(0, room - 1).join('')}…`;
}

function readText({ rows, bytes, unreadable }: Progress, took: number): string {
  const seconds = took / 1000;
  const speed = rows < 10_000 ? '' : ` (${Math.round(rows / seconds).toLocaleString('en')} a second)`;
  const broken = unreadable > 0 ? `; ${counted(unreadable, 'line')} could not be read` : '';
  return `${counted(rows, 'line')}, stored in ${bytesText(bytes)}, in ${seconds.toFixed(1)} s${speed}${broken}`;
}

function verdict(told: readonly RuleSummary[], digests: number): string {
  const alerts = told.reduce((sum, rule) => sum + rule.alerts, 0);
  if (alerts === 0) return `${pc.green('✓')} nobody would have been told`;
  const digested = told.reduce((sum, rule) => sum + rule.digested, 0);
  const folded = digests > 0 ? `, ${digested.toLocaleString('en')} of them in ${counted(digests, 'digest')}` : '';
  return `${pc.bold(counted(alerts, 'alert'))} of ${counted(told.length, 'rule')}${folded}; nothing was sent`;
}

function wrapped(text: string, indent = '  '): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > chartColumns) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`);
}

function utcText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

const INDENT = '    ';

const paints: Readonly<Record<Severity, (text: string) => string>> = {
  critical: pc.red,
  warning: pc.yellow,
  info: pc.blue,
};
