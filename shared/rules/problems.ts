import { tables } from '../schema/index.js';
import { nearestWord } from '../yaml/nearest.js';
import type { PlacedProblem } from '../yaml/source.js';
import { parseDuration } from './duration.js';
import { compilePattern } from './pattern.js';
import { type FieldMatcher, isList, type StatedRule } from './rule.js';
import { titleNames } from './title.js';
import { fieldsPrefix } from './where.js';

/** A longer one could outlive what is remembered of a key. */
const maxCooldown = '7d';

const columns = Object.keys(tables.error).filter((name) => name !== 'fields');

/** What a JSON Schema can't say: regular expressions that don't compile, names in a title, cooldowns out of range. */
export function findProblems(rules: readonly StatedRule[]): PlacedProblem[] {
  return rules.flatMap((rule, index) => [
    ...Object.entries(rule.where).flatMap(([name, matcher]) => badPatterns(matcher, [index, 'where', name])),
    ...badTitle(rule.title, [index, 'title']),
    ...badCooldown(rule.cooldown, [index, 'cooldown']),
  ]);
}

function badPatterns(matcher: FieldMatcher, path: PlacedProblem['path']): PlacedProblem[] {
  if (typeof matcher !== 'object' || isList(matcher)) return [];
  const { regex, not } = matcher;
  const problems = not === undefined ? [] : badPatterns(not, [...path, 'not']);
  if (regex === undefined) return problems;
  try {
    compilePattern(regex);
    return problems;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    return [{ path: [...path, 'regex'], message: `not a valid regular expression: ${reason}` }, ...problems];
  }
}

function badTitle(title: string, path: PlacedProblem['path']): PlacedProblem[] {
  return titleNames(title)
    .filter((name) => !name.startsWith(fieldsPrefix) && !columns.includes(name))
    .map((name) => {
      const nearest = nearestWord(name, columns);
      const advice = nearest ? `did you mean {${nearest}}?` : `use a column (${columns.join(', ')}) or fields.<path>`;
      return { path, message: `unknown column {${name}} in the title; ${advice}` };
    });
}

function badCooldown(cooldown: string | undefined, path: PlacedProblem['path']): PlacedProblem[] {
  const max = parseDuration(maxCooldown) ?? 0;
  if (cooldown === undefined || (parseDuration(cooldown) ?? 0) <= max) return [];
  return [{ path, message: `cooldown is "${cooldown}"; the longest is ${maxCooldown}` }];
}
