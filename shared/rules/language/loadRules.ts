import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  listProblems,
  type ParsedSource,
  type PlacedProblem,
  type Problem,
  parseSource,
  type SourceFile,
} from '../../yaml/source.js';
import type { AlertsConfig } from './alertsConfig.js';
import type { Rule } from './rule.js';
import { checkShape } from './ruleFileSchema.js';
import { type NamedRule, namingProblems } from './ruleNames.js';
import { findProblems } from './ruleProblems.js';
import { type RuleTest, readTest } from './ruleTest.js';
import { ruleDefaults, type StatedRule, toRule } from './statedRule.js';

/** Rule files that can't be used: its message lists every problem as `path:line:column message`. */
export class RuleFileError extends Error {
  override readonly name = 'RuleFileError';

  constructor(readonly problems: readonly Problem[]) {
    super(listProblems(problems, 'the rule files'));
  }
}

/** What rule files say. */
export interface ParsedRules {
  readonly rules: Rule[];
  /** By the name of the rule that they test; a rule without tests is not in it. */
  readonly tests: ReadonlyMap<string, readonly RuleTest[]>;
  readonly problems: Problem[];
}

/**
 * Reads all the `.yml` and `.yaml` files of a folder.
 *
 * @param alerts of the configuration: where the links of messages lead
 * @throws RuleFileError when there is anything wrong with one of them.
 */
export async function loadRules(dir: string, alerts?: AlertsConfig): Promise<Rule[]> {
  const { rules, problems } = await parseRules(await readRuleFiles(dir), alerts);
  if (problems.length > 0) throw new RuleFileError(problems);
  return rules;
}

/** The rule files of a folder, by name. */
export async function readRuleFiles(dir: string): Promise<SourceFile[]> {
  const names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ path: join(dir, name), text: await readFile(join(dir, name), 'utf8') })),
  );
}

/** Parses and validates rule files; finds all the problems, not only the first. Rules of a file with problems are left out. */
export async function parseRules(files: readonly SourceFile[], alerts?: AlertsConfig): Promise<ParsedRules> {
  const parsed = await Promise.all(files.map(parseFile));
  const all = parsed.flatMap(({ stated, place, path }) => stated.map((rule, index) => ({ rule, index, place, path })));
  const named: NamedRule[] = all.map(({ rule, index, place }) => ({ rule, place: (key) => place([index, ...key]) }));

  const naming = namingProblems(
    named,
    parsed.every(({ isRead }) => isRead),
  );
  const problems = [...parsed.flatMap(({ problems }) => problems), ...naming];
  const faulty = new Set(problems.map(({ path }) => path));
  const good = all.filter(({ path }) => !faulty.has(path));
  return {
    rules: good.map(({ rule }) => toRule(rule, alerts)),
    tests: new Map(
      good.flatMap(({ rule, index, place }) =>
        rule.tests ? [[rule.name, testsOf(rule, (test) => place([index, 'tests', test]))]] : [],
      ),
    ),
    problems: inOrder(problems, files),
  };
}

interface ParsedFile {
  readonly path: string;
  /** False when its shape is not that of rules. */
  readonly isRead: boolean;
  readonly stated: readonly StatedRule[];
  readonly place: (way: readonly (string | number)[]) => Problem;
  readonly problems: readonly Problem[];
}

async function parseFile(file: SourceFile): Promise<ParsedFile> {
  const { path } = file;
  const source = parseSource(file);
  const place = placeIn(source);
  if (source.problems) return { path, isRead: false, stated: [], place, problems: source.problems };
  const shape = checkShape(source.value);
  if (shape.length > 0) {
    const problems = [...shape, ...(await findProblems(wellShaped(source.value, shape)))];
    return { path, isRead: false, stated: [], place, problems: problems.map(source.place) };
  }
  const stated = source.value as readonly StatedRule[];
  return { path, isRead: true, stated, place, problems: (await findProblems([...stated.entries()])).map(source.place) };
}

/** The rules of a file whose own shape is right, with their places in it. */
function wellShaped(content: unknown, shape: readonly PlacedProblem[]): [number, StatedRule][] {
  if (!Array.isArray(content) || shape.some(({ path }) => path.length === 0)) return [];
  const misshapen = new Set(shape.map(({ path: [index] }) => index));
  return [...(content as readonly StatedRule[]).entries()].filter(([index]) => !misshapen.has(index));
}

function placeIn({ place }: ParsedSource): ParsedFile['place'] {
  return (path) => place({ path, message: '' });
}

function testsOf({ tests = [], on = ruleDefaults.on }: StatedRule, place: (test: number) => Problem): RuleTest[] {
  const [type] = on;
  return tests.map((test, index) => readTest(test, type ?? 'error', place(index)));
}

/** File by file, from top to bottom. */
function inOrder(problems: readonly Problem[], files: readonly SourceFile[]): Problem[] {
  const order = new Map(files.map(({ path }, index) => [path, index]));
  const rank = ({ path }: Problem) => order.get(path) ?? 0;
  return [...problems].sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}
