import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listProblems, type Problem, parseSource, type SourceFile } from '../yaml/source.js';
import { parseDuration } from './duration.js';
import { findProblems } from './problems.js';
import type { Rule, StatedRule } from './rule.js';
import { checkShape } from './shape.js';

/** Rule files that can't be used: its message lists every problem as `path:line:column message`. */
export class RuleFileError extends Error {
  override readonly name = 'RuleFileError';

  constructor(readonly problems: readonly Problem[]) {
    super(listProblems(problems, 'the rule files'));
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
export async function readRuleFiles(dir: string): Promise<SourceFile[]> {
  const names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ path: join(dir, name), text: await readFile(join(dir, name), 'utf8') })),
  );
}

/** Parses and validates rule files; finds all the problems, not only the first. Rules of a file with problems are left out. */
export function parseRules(files: readonly SourceFile[]): { rules: Rule[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const rules: Rule[] = [];
  const places = new Map<string, string>();

  for (const file of files) {
    const source = parseSource(file);
    if (source.problems) {
      problems.push(...source.problems);
      continue;
    }
    const shape = checkShape(source.value);
    if (shape.length > 0) {
      problems.push(...shape.map(source.place));
      continue;
    }
    const stated = source.value as readonly StatedRule[];
    const found = findProblems(stated).map(source.place);
    for (const [index, { name }] of stated.entries()) {
      const place = places.get(name);
      const problem = source.place({
        path: [index, 'name'],
        message: `the name "${name}" is already taken by the rule at ${place}`,
      });
      if (place) found.push(problem);
      else places.set(name, `${problem.path}:${problem.line}`);
    }
    if (found.length === 0) rules.push(...stated.map(withDefaults));
    problems.push(...found);
  }
  return { rules, problems };
}

function withDefaults({ cooldown = defaults.cooldown, ...stated }: StatedRule): Rule {
  return { ...defaults, ...stated, cooldown: parseDuration(cooldown) ?? 0 };
}
