import pc from 'picocolors';
import { counted } from '../../shared/text/wording.js';
import { printable } from '../terminal/printable.js';
import type { RuleDifference, Told } from './difference.js';
import type { Period } from './period.js';

/** What changed rules would have told, beside what those of before would have. */
export interface RulesDifference {
  readonly period: Period;
  /** Lines that were read for the rules of now. */
  readonly rows: number;
  /** As it was asked for, and the commit that it is. */
  readonly since: string;
  readonly commit: string;
  readonly alertsBefore: number;
  readonly alertsAfter: number;
  readonly rules: readonly RuleDifference[];
}

/** For the terminal, at most 80 characters wide. */
export function renderDifference(difference: RulesDifference): string {
  const { rules } = difference;
  const width = Math.max(...rules.map(({ name }) => name.length), 0);
  const changes = rules.map((rule) => `${rule.change === 'same' ? '' : rule.change}`);
  const changeWidth = Math.max(...changes.map((change) => change.length), 0);
  return [
    '',
    `  ${pc.bold(periodText(difference))}${pc.dim(`, ${counted(difference.rows, 'line')}`)}`,
    '',
    ...rules.flatMap((rule, index) => [
      `  ${pc.bold(rule.name.padEnd(width))}  ${pc.dim((changes[index] ?? '').padEnd(changeWidth))}  ${paint(rule)(toldText(rule))}`,
      ...keysText(rule).map((text) => `    ${pc.dim(text)}`),
    ]),
    ...(rules.length > 0 ? [''] : []),
    `  ${verdict(difference)}`,
    '',
  ].join('\n');
}

/** A comment for a pull request. */
export function differenceAsMarkdown(difference: RulesDifference): string {
  const { rules } = difference;
  const rows = rules.map(
    (rule) =>
      `| \`${rule.name}\` | ${rule.change === 'same' ? '' : rule.change} | ${figure(rule.before)} | ${figure(rule.after)} | ${keysText(rule).map(escaped).join('<br>')} |`,
  );
  return [
    `**${verdict(difference)}** (${periodText(difference)}, ${counted(difference.rows, 'line')})`,
    ...(rules.length === 0
      ? []
      : ['', '| rule | | alerts before | alerts now | most of them |', '| --- | --- | --: | --: | --- |', ...rows]),
  ].join('\n');
}

/** The same for programs; times are ISO 8601. */
export function differenceAsJson({ period, ...rest }: RulesDifference) {
  const [from, to] = [period.from, period.to].map((time) => new Date(time).toISOString());
  return { from, to, ...rest };
}

function periodText({ period, since, commit }: RulesDifference): string {
  const [from, to] = [period.from, period.to].map((time) =>
    new Date(time).toISOString().slice(0, 16).replace('T', ' '),
  );
  return `${from} to ${to} UTC, since ${since}${commit === since ? '' : ` (${commit})`}`;
}

function verdict({ alertsBefore, alertsAfter, rules }: RulesDifference): string {
  if (rules.length === 0) return 'the rules are the same, and so is what they would have told';
  return `${counted(alertsAfter, 'alert')}, ${alertsBefore === alertsAfter ? 'as before' : `was ${alertsBefore.toLocaleString('en')}`}`;
}

function toldText({ before, after }: RuleDifference): string {
  if (!before) return `${alertsText(after)}, of ${counted(after?.lines ?? 0, 'line')}`;
  if (!after) return `no more, was ${figure(before)}`;
  return `${alertsText(after)}, was ${figure(before)}`;
}

function alertsText(told: Told | undefined): string {
  if (!told) return 'none';
  return told.inShadow > 0 ? `${figure(told)}` : counted(told.alerts, 'alert');
}

function figure(told: Told | undefined): string {
  if (!told) return '';
  const { alerts, inShadow } = told;
  return inShadow > 0 ? `none (${inShadow.toLocaleString('en')} in shadow)` : alerts.toLocaleString('en');
}

/** Of whom the rule tells now, or told. */
function keysText({ before, after }: RuleDifference): string[] {
  const keys = (after ?? before)?.keys ?? [];
  const shown = keys
    .slice(0, SHOWN_KEYS)
    .map(({ key, alerts }) => `${printable(key) || '(none)'}: ${alerts.toLocaleString('en')}`);
  const others = keys.length - shown.length;
  return others > 0 ? [...shown, `and ${counted(others, 'more key')}`] : shown;
}

const SHOWN_KEYS = 3;

function paint({ before, after }: RuleDifference): (text: string) => string {
  const [was, is] = [before?.alerts ?? 0, after?.alerts ?? 0];
  if (was === is) return (text) => text;
  return is > was ? pc.yellow : pc.green;
}

/** Keys are what was logged. */
function escaped(text: string): string {
  return text.replace(/[&\\`*_{}[\]<>#|@]/g, (char) => `&#${char.codePointAt(0)};`);
}
