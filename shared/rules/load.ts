import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { parseDuration } from './duration.js';
import { findProblems } from './problems.js';
import type { Rule, StatedRule } from './rule.js';
import { checkShape, type ProblemPath } from './shape.js';

export interface RuleFile {
  /** As it is to be shown in problems. */
  readonly path: string;
  readonly text: string;
}

/** What is wrong with a rule file, and where; lines and columns count from 1. */
export interface RuleProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Rule files that can't be used: its message lists every problem as `path:line:column message`. */
export class RuleFileError extends Error {
  override readonly name = 'RuleFileError';

  constructor(readonly problems: readonly RuleProblem[]) {
    const lines = problems.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`);
    super(
      `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the rule files\n${lines.join('\n')}`,
    );
  }
}

const defaults = { type: 'match', on: ['error', 'app'], by: ['service'], cooldown: '15m' } as const;

/**
 * Reads all the `.yml` and `.yaml` files of a folder.
 *
 * @throws RuleFileError when there is anything wrong with one of them.
 */
export async function loadRules(dir: string): Promise<Rule[]> {
  const { rules, problems } = parseRules(await readRuleFiles(dir));
  if (problems.length > 0) throw new RuleFileError(problems);
  return rules;
}

/** The rule files of a folder, by name. */
export async function readRuleFiles(dir: string): Promise<RuleFile[]> {
  const names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ path: join(dir, name), text: await readFile(join(dir, name), 'utf8') })),
  );
}

/** Parses and validates rule files; finds all the problems, not only the first. Rules of a file with problems are left out. */
export function parseRules(files: readonly RuleFile[]): { rules: Rule[]; problems: RuleProblem[] } {
  const problems: RuleProblem[] = [];
  const rules: Rule[] = [];
  const places = new Map<string, string>();

  for (const file of files) {
    const source = parseFile(file);
    const found = source.problems;
    if (source.stated) {
      for (const { path, message, on } of findProblems(source.stated)) found.push(source.at(path, message, on));
      for (const [index, { name }] of source.stated.entries()) {
        const problem = source.at(
          [index, 'name'],
          `the name "${name}" is already taken by the rule at ${places.get(name)}`,
        );
        if (places.has(name)) found.push(problem);
        else places.set(name, `${problem.path}:${problem.line}`);
      }
      if (found.length === 0) rules.push(...source.stated.map(withDefaults));
    }
    problems.push(...found);
  }
  return { rules, problems };
}

interface ParsedFile {
  readonly problems: RuleProblem[];
  /** Absent when the file's shape is wrong. */
  readonly stated?: readonly StatedRule[];
  at(path: ProblemPath, message: string, on?: 'key' | 'value'): RuleProblem;
}

function parseFile({ path, text }: RuleFile): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problem = (offset: number, message: string): RuleProblem => {
    const { line, col } = lines.linePos(offset);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  const at: ParsedFile['at'] = (way, message, on = 'value') => problem(offsetOf(document.contents, way, on), message);

  const problems = document.errors.map((error) => problem(error.pos[0], sentenceOf(error.message)));
  if (problems.length > 0) return { problems, at };

  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Too many aliases: yaml's guard against a file that expands without end.
    return { problems: [problem(0, error instanceof Error ? error.message : String(error))], at };
  }
  const shape = checkShape(value);
  if (shape.length > 0) return { problems: shape.map(({ path: way, message, on }) => at(way, message, on)), at };
  return { problems, stated: value as readonly StatedRule[], at };
}

/** yaml's messages go on with an excerpt of the file. */
function sentenceOf(message: string): string {
  return message.replace(/ at line \d+, column \d+:[\s\S]*$/, '');
}

/** The offset of a value, or of its key; of the nearest thing around it when it is not there. */
function offsetOf(root: unknown, path: ProblemPath, on: 'key' | 'value'): number {
  let node = root as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined;
    if (pair && on === 'key' && depth === path.length - 1) return (pair.key as Node).range?.[0] ?? offset;
    const next = pair ? pair.value : isMap(node) ? undefined : childAt(node, step);
    if (!next) return offset;
    node = next as Node;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

function childAt(node: Node | null, step: string | number): unknown {
  return (node as { items?: readonly unknown[] } | null)?.items?.[Number(step)];
}

function withDefaults({ cooldown = defaults.cooldown, ...stated }: StatedRule): Rule {
  return { ...defaults, ...stated, cooldown: parseDuration(cooldown) ?? 0 };
}
