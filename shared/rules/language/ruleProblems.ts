import { typeOf } from '../../conditions/index.js';
import { refusalOf } from '../../text/regExpSafety.js';
import { isTimeZone } from '../../text/wallClock.js';
import type { Where } from '../../where/clause.js';
import { badBlocks, patternsIn } from '../../where/whereProblems.js';
import type { PlacedProblem } from '../../yaml/source.js';
import { badBounds } from './bounds.js';
import { badNames, badTests } from './columnNames.js';
import { badMemorySize } from './memorySize.js';
import type { Rule } from './rule.js';
import { type StatedRule, toRule } from './statedRule.js';

/**
 * What a JSON Schema can't say of one file's rules: values out of bounds, columns that a table lacks, expressions that are not safe.
 *
 * @param rules with their places in the file.
 */
export async function findProblems(rules: readonly (readonly [number, StatedRule])[]): Promise<PlacedProblem[]> {
  const found = await Promise.all(
    rules.map(async ([index, stated]) => {
      const problems = await problemsOf(stated, toRule(stated));
      return problems.map((problem) => ({ ...problem, path: [index, ...problem.path] }));
    }),
  );
  return found.flat();
}

/** @param rule the same with its defaults filled in. */
async function problemsOf(stated: StatedRule, rule: Rule): Promise<PlacedProblem[]> {
  return [
    ...badNames(rule),
    ...wheresOf(rule).flatMap(({ where, path }) => badBlocks(where, path)),
    ...(await badPatterns(rule)),
    ...badBounds(stated, rule),
    ...(typeOf(rule).problems?.(stated, rule) ?? []),
    ...badMemorySize(stated, rule),
    ...badZones(stated),
    ...badTests(stated.tests ?? [], rule),
  ];
}

function wheresOf(rule: Rule): { readonly where: Where; readonly path: readonly string[] }[] {
  const { part, partKey = 'of' } = typeOf(rule).of?.(rule) ?? {};
  return [{ where: rule.where, path: ['where'] }, ...(part ? [{ where: part, path: [partKey] }] : [])];
}

async function badPatterns(rule: Rule): Promise<PlacedProblem[]> {
  const problems: PlacedProblem[] = [];
  for (const { path, source } of wheresOf(rule).flatMap(({ where, path }) => patternsIn(where, path))) {
    const message = await refusalOf(source);
    if (message) problems.push({ path, message });
  }
  return problems;
}

function badZones({ mute = [] }: StatedRule): PlacedProblem[] {
  return mute.flatMap(({ zone }, index) => {
    if (zone === undefined || isTimeZone(zone)) return [];
    const message = `unknown time zone "${zone}"; write an IANA name such as Europe/Berlin or UTC`;
    return [{ path: ['mute', index, 'zone'], message }];
  });
}
