import pc from 'picocolors';
import { printable } from '../terminal/printable.js';
import { type Examination, type Finding, type Result, resultOf, results } from './finding.js';

const marks: Readonly<Record<Result, string>> = {
  fail: pc.red('✗'),
  unknown: pc.magenta('?'),
  warn: pc.yellow('!'),
  pass: pc.green('✓'),
};

/** A line for each finding and for each examination without one, and what they come to. */
export function renderExaminations(examinations: readonly Examination[]): string {
  const width = Math.max(...examinations.map(({ name }) => name.length));
  const lines = examinations.flatMap(({ name, about, findings }) => {
    const title = name.padEnd(width);
    if (findings.length === 0) return [`${marks.pass} ${title}  ${pc.dim(printable(about))}`];
    return sorted(findings).map((finding) => `${marks[finding.result]} ${title}  ${findingText(finding)}`);
  });
  return [...lines, '', summary(examinations)].join('\n');
}

function findingText({ place, problem, remedy }: Finding): string {
  return `${pc.bold(printable(place))}: ${printable(problem)} ${pc.cyan('→')} ${printable(remedy)}`;
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => results.indexOf(a.result) - results.indexOf(b.result));
}

function summary(examinations: readonly Examination[]): string {
  const { passed, failed, warned, unknown } = countsOf(examinations);
  const parts = [
    failed > 0 ? `${failed} to mend` : 'nothing has to be mended',
    ...(unknown > 0 ? [`${unknown} could not be looked at`] : []),
    ...(warned > 0 ? [`${warned} to look at`] : []),
    `${passed} passed`,
  ];
  return `${failed > 0 ? marks.fail : marks.pass} ${parts.join(', ')}`;
}

/** How many findings there are of each kind, and how many examinations without any. */
export function countsOf(examinations: readonly Examination[]) {
  const findings = examinations.flatMap((examination) => examination.findings);
  const count = (result: Result) => findings.filter((finding) => finding.result === result).length;
  return {
    passed: examinations.filter((examination) => resultOf(examination) === 'pass').length,
    failed: count('fail'),
    warned: count('warn'),
    unknown: count('unknown'),
  };
}
