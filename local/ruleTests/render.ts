import pc from 'picocolors';
import type { ReadLine } from '../../shared/alerts/simulation/givenLines.js';
import type { Finding, TestRun } from '../../shared/alerts/simulation/ruleTests.js';
import type { NotifiedAlert } from '../../shared/alerts/simulation/simulate.js';
import { type ExpectedAlert, testStart } from '../../shared/rules/language/ruleTest.js';
import { formatDuration } from '../../shared/text/statedDuration.js';
import { counted } from '../../shared/text/wording.js';
import { printable } from '../terminal/printable.js';

/** The tests of one rule, run. */
export interface RuleRuns {
  readonly rule: string;
  readonly runs: readonly TestRun[];
}

/** Which tests passed, and for each that did not what was expected and what was told, for the terminal. */
export function renderRuns(results: readonly RuleRuns[]): string {
  const tested = results.filter(({ runs }) => runs.length > 0);
  const untested = results.filter(({ runs }) => runs.length === 0).map(({ rule }) => rule);
  return [
    ...tested.flatMap(({ rule, runs }) => ['', `  ${pc.bold(rule)}`, ...runs.flatMap(runLines)]),
    '',
    ...(untested.length > 0 ? [pc.dim(`  without tests: ${untested.join(', ')}`)] : []),
    `  ${verdict(tested)}`,
    '',
  ].join('\n');
}

/** The same for programs: times in seconds after the test's start. */
export function runsAsJson(results: readonly RuleRuns[]) {
  return {
    tests: results.flatMap(({ rule, runs }) =>
      runs.map(({ test: { name, path, line }, passed, findings }) => ({
        rule,
        name,
        path,
        line,
        passed,
        findings: findings.map((finding) => ({
          kind: finding.kind,
          ...(finding.kind !== 'unexpected' && {
            expected: { ...finding.expected, ...timesOf(finding.expected, (ms) => ms / 1000) },
          }),
          ...(finding.kind !== 'missing' && { told: toldAs(finding.notified, (at) => at / 1000) }),
        })),
      })),
    ),
    untested: results.filter(({ runs }) => runs.length === 0).map(({ rule }) => rule),
  };
}

function runLines({ test, passed, findings, lines }: TestRun): string[] {
  if (passed) return [`    ${pc.green('✓')} ${test.name}`];
  return [
    `    ${pc.red('✗')} ${test.name}  ${pc.cyan(`${test.path}:${test.line}`)}`,
    ...findings.flatMap(findingLines),
    `        ${pc.dim(lines.length === 0 ? 'the rules saw no line' : 'the lines, as the rules saw them:')}`,
    ...seenLines(lines),
  ];
}

/** Written as a test writes it, so that what is told can be copied into one. */
function findingLines(finding: Finding): string[] {
  switch (finding.kind) {
    case 'as expected':
      return [`      ${pc.dim(`  ${yaml(expectedAs(finding.expected))}`)}`];
    case 'missing':
      return [`      ${pc.red(`- ${yaml(expectedAs(finding.expected))}`)}`];
    case 'unexpected':
      return [`      ${pc.green(`+ ${yaml(toldAs(finding.notified, wholeSeconds))}`)}`];
  }
}

function expectedAs(expected: ExpectedAlert) {
  const { at: _, behind: __, kind, ...others } = expected;
  const { at, ...behind } = timesOf(expected, formatDuration);
  return { at, ...(kind === 'resolved' && { kind }), ...others, ...behind };
}

function timesOf<T>({ at, behind }: ExpectedAlert, timeAs: (ms: number) => T) {
  return { at: timeAs(at), ...(behind !== undefined && { behind: timeAs(behind) }) };
}

function toldAs<T>({ at, title, alert }: NotifiedAlert, timeAs: (ms: number) => T) {
  const { kind, count, suppressed, late } = alert.notice;
  const behind = late && { behind: timeAs(late.behind) };
  return {
    at: timeAs(at - testStart),
    ...(kind === 'resolved' && { kind }),
    key: alert.key,
    count,
    suppressed,
    ...behind,
    title,
  };
}

/** Rounded down: an alert may be told later than a test says, and never before. */
function wholeSeconds(milliseconds: number): string {
  return formatDuration(Math.floor(milliseconds / 1000) * 1000);
}

function yaml(values: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}: ${scalar(value)}`);
  return printable(`{ ${pairs.join(', ')} }`);
}

/** Bare where YAML takes the same text from it. */
function scalar(value: unknown): string {
  return typeof value === 'string' && !/^[A-Za-z][\w.-]*$|^\d+[smhd]$/.test(value)
    ? JSON.stringify(value)
    : String(value);
}

/** Equal lines one after the other are shown once. */
function seenLines(lines: readonly ReadLine[]): string[] {
  const shown: { text: string; times: number }[] = [];
  for (const line of lines) {
    const text = seenLine(line);
    const last = shown.at(-1);
    if (last?.text === text) last.times++;
    else shown.push({ text, times: 1 });
  }
  const some = shown.slice(0, SHOWN_LINES).map(({ text, times }) => (times > 1 ? `${text} ×${times}` : text));
  const others = shown.slice(SHOWN_LINES).reduce((sum, { times }) => sum + times, 0);
  return [...some, ...(others > 0 ? [`and ${counted(others, 'more line')}`] : [])].map((text) =>
    pc.dim(`          ${text}`),
  );
}

const SHOWN_LINES = 6;

function seenLine({ type, row, arrival }: ReadLine): string {
  const { ts, ...columns } = row;
  const values = Object.entries(columns).filter(([name]) => !tellsNothing.has(name));
  const text = values.map(([name, value]) => `${name}: ${name === 'fields' ? value : scalar(value)}`).join(', ');
  const came = arrival === ts ? '' : `, came at ${formatDuration(arrival - testStart)}`;
  return printable(`${formatDuration(ts - testStart)} ${type}${came}  ${cut(text)}`);
}

/** The same in all lines of a test, or too long to show. */
const tellsNothing = new Set(['source', 'fingerprint', 'stack', 'record', 'line', 'lines']);

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_LINE ? text : `${characters.slice(0, MAX_LINE - 1).join('')}…`;
}

const MAX_LINE = 100;

function verdict(tested: readonly RuleRuns[]): string {
  const runs = tested.flatMap((each) => each.runs);
  const failed = runs.filter(({ passed }) => !passed).length;
  const all = `${counted(runs.length, 'test')} of ${counted(tested.length, 'rule')}`;
  return failed === 0 ? `${pc.green('✓')} ${all} passed` : `${pc.red('✗')} ${failed} of ${all} failed`;
}
