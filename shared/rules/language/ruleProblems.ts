import { refusalOf } from '../../text/regExpSafety.js';
import { badBlocks, patternsIn } from '../../where/whereProblems.js';
import type { PlacedProblem, ProblemPath } from '../../yaml/source.js';
import { badBounds } from './bounds.js';
import { badNames, badTests } from './columnNames.js';
import { isTimeZone } from './muteTimes.js';
import type { StatedRule } from './statedRule.js';

/** What a JSON Schema can't say of one file's rules: values out of bounds, columns that a table lacks, expressions that are not safe. */
export async function findProblems(rules: readonly StatedRule[]): Promise<PlacedProblem[]> {
  const found = await Promise.all(rules.map((rule, index) => problemsOf(rule, [index])));
  return found.flat();
}

async function problemsOf(rule: StatedRule, path: ProblemPath): Promise<PlacedProblem[]> {
  return [
    ...badNames(rule, path),
    ...wheresOf(rule, path).flatMap(({ where, path }) => badBlocks(where, path)),
    ...(await badPatterns(rule, path)),
    ...badBounds(rule, path),
    ...badZones(rule, path),
    ...badExpectedKeys(rule, path),
    ...badTests(rule, path),
  ];
}

function wheresOf(rule: StatedRule, path: ProblemPath) {
  return [
    { where: rule.where ?? {}, path: [...path, 'where'] },
    ...(rule.type === 'ratio' ? [{ where: rule.of, path: [...path, 'of'] }] : []),
  ];
}

async function badPatterns(rule: StatedRule, path: ProblemPath): Promise<PlacedProblem[]> {
  const problems: PlacedProblem[] = [];
  for (const { path: place, source } of wheresOf(rule, path).flatMap(({ where, path }) => patternsIn(where, path))) {
    const message = await refusalOf(source);
    if (message) problems.push({ path: place, message });
  }
  return problems;
}

function badZones({ mute = [] }: StatedRule, path: ProblemPath): PlacedProblem[] {
  return mute.flatMap(({ zone }, index) =>
    zone === undefined || isTimeZone(zone)
      ? []
      : [
          {
            path: [...path, 'mute', index, 'zone'],
            message: `unknown time zone "${zone}"; write an IANA name such as Europe/Berlin or UTC`,
          },
        ],
  );
}

/** A key that lacks a column, or has another, would never be that of a line. */
function badExpectedKeys(rule: StatedRule, path: ProblemPath): PlacedProblem[] {
  if (rule.type !== 'absence') return [];
  const { expect = [], by = ['service'] } = rule;
  return expect.flatMap((key, index) => {
    const isComplete = Object.keys(key).length === by.length && by.every((name) => name in key);
    if (isComplete) return [];
    const found = Object.keys(key).join(', ');
    return [
      {
        path: [...path, 'expect', index],
        message: `the key has ${found}; it must have what "by" has: ${by.join(', ')}`,
      },
    ];
  });
}
