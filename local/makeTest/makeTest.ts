import { runRuleTest } from '../../shared/alerts/simulation/ruleTests.js';
import type { NotifiedAlert } from '../../shared/alerts/simulation/simulate.js';
import type { AlertsConfig } from '../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { readTest, type StatedTest, testStart } from '../../shared/rules/language/ruleTest.js';
import { formatDuration } from '../../shared/text/statedDuration.js';
import { counted, utcText } from '../../shared/text/wording.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { type AlikeLines, type KeptLines, keepLines } from './keptLines.js';
import { statedLines } from './statedLines.js';
import { findTold, learnOf, liveRules, type Named, type Search } from './toldAlert.js';

/** A test of a rule, made of what is stored. */
export interface MadeTest {
  readonly test: StatedTest;
  /** When people were told, ms since the epoch. */
  readonly told: number;
  /** Lines that are behind the alert, and those of before that the test leaves out. */
  readonly lines: number;
  readonly leftOut: number;
}

/** How lines are read and alerts told, as the configuration has it. */
export interface Circumstances {
  readonly policy: LinePolicy;
  readonly alerts?: AlertsConfig | undefined;
}

/** Lines that a test states: more are no reading for people. */
const maxStated = 250;

/**
 * Makes a test of the stored lines behind an alert: given these, people are told what they were told. Values are as they were
 * stored, which is after redaction.
 *
 * @throws Error when no such alert is found, or when so many different lines are needed for it that no test should have them
 */
export async function makeTest(named: Named, search: Search, circumstances: Circumstances): Promise<MadeTest> {
  const told = await findTold(named, search);
  const kept = await keepLines(told, search);
  const alike = kept.alike.slice(-maxStated);
  const leftOut = kept.leftOut + linesOf(kept.alike) - linesOf(alike);
  const given = givenOf(told, { ...kept, alike }, search, circumstances);
  const test = { name: `as on ${utcText(told.at).slice(0, 16).replace('T', ' ')} UTC`, ...given, expect: [] };
  const expect = await expectedOf(test, told, search.rules, circumstances);
  if (!expect.some(({ key, kind }) => key === told.alert.key && kind === undefined)) {
    const cut = leftOut > 0 ? ` without ${counted(leftOut, 'line')} of before, which a test has no room for` : '';
    throw new Error(
      `people were told at ${utcText(told.at)}, but would not be by the ${counted(linesOf(alike), 'line')} alone that ${named.text} is about${cut}; write a smaller case by hand`,
    );
  }
  return { test: { name: test.name, given: test.given, expect }, told: told.at, lines: linesOf(alike), leftOut };
}

function linesOf(alike: readonly AlikeLines[]): number {
  return alike.reduce((sum, { count }) => sum + count, 0);
}

interface Given {
  readonly given: StatedTest['given'];
  /** Of the alert, in milliseconds after the start of the test. */
  readonly toldAt: number;
}

function givenOf(told: NotifiedAlert, kept: KeptLines, { rules }: Search, { policy }: Circumstances): Given {
  const [{ first } = { first: told.at }] = kept.alike;
  const start = startOf(first, liveRules(told.alert.settings, rules));
  const writing = { rule: told.alert.settings, policy, reads: kept.reads };
  const given = kept.alike.map((lines) => statedLines(lines, stated(lines.first - start), writing));
  return { given, toldAt: told.at - start };
}

/**
 * The time that becomes the start of the test. Whole minutes keep the sweep's pace. A rule that goes by the time of the week sees
 * the same one; one that learns has learned.
 */
function startOf(first: number, rules: readonly Rule[]): number {
  const goesByWeek = rules.some((rule) => rule.mute.length > 0 || 'times' in rule || 'baseline' in rule);
  if (goesByWeek) return testStart + Math.floor((first - testStart) / WEEK) * WEEK;
  const learned = Math.max(...rules.map(learnOf));
  return Math.floor(first / MINUTE) * MINUTE - learned;
}

/** What the test's lines lead to until people were told. */
async function expectedOf(
  { toldAt, ...test }: StatedTest & Given,
  { alert }: NotifiedAlert,
  rules: readonly Rule[],
  circumstances: Circumstances,
): Promise<StatedTest['expect']> {
  const { settings } = alert;
  const until = [{ at: stated(toldAt) }];
  const read = readTest({ ...test, expect: until }, settings.on[0] ?? 'error', { path: '', line: 0 });
  const { findings } = await runRuleTest(settings, read, rules, circumstances);
  return findings.flatMap((finding) => {
    if (finding.kind === 'missing') return [];
    const { at, title, alert } = finding.notified;
    const { kind, count, suppressed, late } = alert.notice;
    return {
      at: stated(at - testStart),
      ...(kind === 'resolved' ? { kind } : {}),
      ...{ key: alert.key, count },
      ...(suppressed > 0 ? { suppressed } : {}),
      ...(late ? { behind: stated(late.behind) } : {}),
      title,
    };
  });
}

/** Rounded down to the second: an alert may be told later than a test says, and never before. */
function stated(milliseconds: number): string {
  return formatDuration(Math.max(0, Math.floor(milliseconds / 1000) * 1000));
}

const MINUTE = 60_000;
const WEEK = 7 * 86_400_000;
