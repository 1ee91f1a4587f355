import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { formatDuration } from '../../shared/text/statedDuration.js';
import { borderlessTable } from '../terminal/borderlessTable.js';
import type { RuleStatus } from './ruleStatus.js';

/** Rules and what is remembered of them, as a table that is no wider than the terminal. */
export function statusTable(statuses: readonly RuleStatus[], now: number, width = Number.POSITIVE_INFINITY): string {
  const shown = fitting(columnsOf(now), statuses, width);
  const table = borderlessTable(GAP, { colAligns: shown.map(({ align }) => align) });
  table.push(
    shown.map(({ head }) => pc.dim(head)),
    ...statuses.map((status) => shown.map(({ cell }) => cell(status))),
  );
  return table.toString();
}

const GAP = '  ';

interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  cell(status: RuleStatus): string;
  /** Whether the column says of a rule what it says of most. */
  isUsual(status: RuleStatus): boolean;
}

function columnsOf(now: number): readonly Column[] {
  const number = (head: string, of: (status: RuleStatus) => number, paint: (text: string) => string): Column => ({
    head,
    align: 'right',
    cell: (status) => (of(status) > 0 ? paint(of(status).toLocaleString('en-US')) : pc.dim('–')),
    isUsual: (status) => of(status) === 0,
  });
  const text = (head: string, cell: Column['cell'], isUsual: Column['isUsual'] = () => false): Column => ({
    ...{ head, align: 'left', cell, isUsual },
  });
  return [
    text('rule', ({ name, firing }) => (firing > 0 ? pc.red(name) : name)),
    text('type', ({ type }) => type),
    text('severity', ({ severity }) => severity),
    text(
      'mode',
      ({ mode }) => (mode === 'shadow' ? pc.yellow(mode) : mode),
      ({ mode }) => mode === 'live',
    ),
    number('keys', ({ keys }) => keys, String),
    number('firing', ({ firing }) => firing, pc.red),
    text('last told', ({ lastTold }) =>
      lastTold === undefined ? pc.dim('never') : `${formatDuration(ago(now - lastTold))} ago`,
    ),
    number('unsent', ({ unsent }) => unsent, pc.red),
    number('held back', ({ heldBack }) => heldBack, String),
    number('silenced', ({ silenced }) => silenced, pc.yellow),
  ];
}

/** Leaves columns out until the others fit: the last of those that say nothing unusual, then what the rule files tell too. */
function fitting(columns: readonly Column[], statuses: readonly RuleStatus[], width: number): readonly Column[] {
  const idle = columns.filter(({ isUsual }) => statuses.every(isUsual)).reverse();
  const inFiles = columns.filter(({ head }) => head === 'mode' || head === 'type' || head === 'severity');
  let shown = columns;
  for (const column of [...idle, ...inFiles]) {
    if (widthOf(shown, statuses) <= width) break;
    shown = shown.filter((each) => each !== column);
  }
  return shown;
}

function widthOf(columns: readonly Column[], statuses: readonly RuleStatus[]): number {
  return columns.reduce((sum, { head, cell }) => {
    const cells = statuses.map((status) => stripVTControlCharacters(cell(status)).length);
    return sum + Math.max(head.length, ...cells) + GAP.length;
  }, -GAP.length);
}

/** As exact as anybody wants to know: to the second, minute or hour. */
function ago(ms: number): number {
  const unit = ms < 120_000 ? 1000 : ms < 7_200_000 ? 60_000 : 3_600_000;
  return Math.floor(Math.max(0, ms) / unit) * unit;
}
