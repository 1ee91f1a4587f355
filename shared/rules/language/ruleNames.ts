import { unknownWord } from '../../yaml/jsonSchema.js';
import type { Problem, ProblemPath } from '../../yaml/source.js';
import { ruleDefaults, type StatedRule } from './statedRule.js';

/** A rule of any file, and the place of what it says. */
export interface NamedRule {
  readonly rule: StatedRule;
  readonly place: (path: ProblemPath) => Problem;
}

/**
 * What is wrong with the names that rules of all files have and name each other by.
 *
 * @param areAll false when there are files that could not be read: a rule that is not known may be in one of them.
 */
export function namingProblems(rules: readonly NamedRule[], areAll: boolean): Problem[] {
  const byName = new Map<string, NamedRule>();
  const taken: Problem[] = [];
  for (const named of rules) {
    const { name } = named.rule;
    const first = byName.get(name)?.place(['name']);
    if (first) {
      const message = `the name "${name}" is already taken by the rule at ${first.path}:${first.line}`;
      taken.push({ ...named.place(['name']), message });
    } else byName.set(name, named);
  }
  return [...taken, ...rules.flatMap((named) => badReferences(named, byName, areAll))];
}

function badReferences(named: NamedRule, byName: ReadonlyMap<string, NamedRule>, areAll: boolean): Problem[] {
  const { by = ruleDefaults.by, name } = named.rule;
  return references.flatMap((key) =>
    (named.rule[key] ?? []).flatMap((other, index) => {
      if (!areAll && !byName.has(other)) return [];
      const message = badReference(name, by, other, byName);
      return message === undefined ? [] : [{ ...named.place([key, index]), message }];
    }),
  );
}

/** The keys under which a rule names others that it goes by. */
const references = ['unless_firing', 'only_if_firing'] as const;

function badReference(
  name: string,
  by: readonly string[],
  other: string,
  byName: ReadonlyMap<string, NamedRule>,
): string | undefined {
  if (other === name) return "a rule can't wait for itself; name another";
  const found = byName.get(other)?.rule;
  if (!found) {
    const known = [...byName.keys()].filter((each) => each !== name);
    return known.length > 0 ? unknownWord('rule', other, known) : `unknown rule "${other}"; there is no other rule`;
  }
  const missing = (found.by ?? ruleDefaults.by).filter((column) => !by.includes(column));
  if (missing.length > 0) {
    return `"${other}" is keyed by ${missing.join(', ')}, which this rule is not: add it to "by" here, or take it from there`;
  }
  const circle = wayBack(other, name, byName);
  return circle && `rules can't wait for each other: ${[name, ...circle].join(' → ')}; take one of them out`;
}

/** Names from one rule to another, both included, by what each waits for. */
function wayBack(
  from: string,
  to: string,
  byName: ReadonlyMap<string, NamedRule>,
  passed: ReadonlySet<string> = new Set(),
): readonly string[] | undefined {
  if (from === to) return [to];
  if (passed.has(from)) return undefined;
  const rule = byName.get(from)?.rule;
  for (const next of references.flatMap((key) => rule?.[key] ?? [])) {
    const rest = wayBack(next, to, byName, new Set([...passed, from]));
    if (rest) return [from, ...rest];
  }
  return undefined;
}
