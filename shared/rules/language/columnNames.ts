import { typeOf } from '../../conditions/index.js';
import { type LogType, tables } from '../../line/schema/index.js';
import { meantBy, shownName } from '../../where/aliases.js';
import { fieldsPrefix } from '../../where/compileWhere.js';
import { namesWithin } from '../../where/whereProblems.js';
import { unknownWord } from '../../yaml/jsonSchema.js';
import { nearestWord } from '../../yaml/nearest.js';
import type { PlacedProblem } from '../../yaml/source.js';
import type { Rule } from './rule.js';
import type { StatedTest } from './ruleTest.js';
import { titleNames } from './title.js';

/** Columns that none of the rule's tables has, and placeholders that nothing would fill. */
export function badNames(rule: Rule): PlacedProblem[] {
  const { on, by, where, title, text = '' } = rule;
  const { part = {}, partKey = 'of', column, columnKey = 'of' } = typeOf(rule).of?.(rule) ?? {};
  // A part that is told by the value of the column is written nowhere.
  const ofPart = column === undefined || columnKey !== partKey ? namesWithin(part, [partKey]) : [];
  const asKeys = [...namesWithin(where, ['where']), ...ofPart];
  const asValues = [
    ...(column === undefined ? [] : [{ name: column, path: [columnKey] }]),
    ...by.map((name, index) => ({ name, path: ['by', index] })),
  ];
  return [
    ...asKeys.flatMap(({ name, path }) => badColumn(name, on, path, 'key')),
    ...asValues.flatMap(({ name, path }) => badColumn(name, on, path, 'value')),
    ...badPlaceholders(title, 'title', rule).map((message) => ({ path: ['title'], message })),
    ...badPlaceholders(text, 'text', rule).map((message) => ({ path: ['text'], message })),
  ];
}

function badColumn(name: string, on: Rule['on'], path: PlacedProblem['path'], at: 'key' | 'value'): PlacedProblem[] {
  const message = lack(name, on);
  return message === undefined ? [] : [{ path, on: at, message }];
}

/** Why lines of these tables don't have the column. */
function lack(name: string, on: readonly LogType[]): string | undefined {
  if (name.startsWith(fieldsPrefix) || on.some((type) => name in tables[type])) return undefined;
  const has = Object.keys(tables).filter((type) => name in tables[type as LogType]);
  return `${on.join(' and ')} lines have no column "${name}", those of ${has.join(' and ')} do; change "on", or the column`;
}

/** What the first line of an alert gives a title beside the values of the key. */
const sampled = ['service', 'level', 'message'] as const;

function badPlaceholders(text: string, where: string, rule: Rule) {
  const { on, by } = rule;
  // What is missing has no line.
  const ofLine = typeOf(rule).missing
    ? []
    : sampled.filter((name) => name === 'message' || lack(name, on) === undefined);
  const named = typeOf(rule).names?.columns(rule) ?? [];
  const { missing, share, trend } = typeOf(rule);
  const numbers = [...(missing ? [] : ['count']), ...(share ? ['share'] : []), ...(trend ? ['usual'] : [])];
  const allowed = [...new Set([...by, ...named, ...ofLine, ...numbers])];
  return titleNames(text)
    .filter((name) => !allowed.includes(name))
    .map((name) => {
      const measures = numberOf[name];
      if (measures)
        return `nothing fills {${name}} in the ${where}: ${measures}, and this rule is of type ${rule.type}`;
      const nearest = nearestWord(name, allowed);
      if (nearest !== undefined) return `unknown column {${name}} in the ${where}; did you mean {${nearest}}?`;
      const fillable = allowed.map((each) => `{${shownName(each)}}`).join(', ') || 'none';
      return `nothing fills {${name}} in the ${where}; add it to "by", or use what a message has: ${fillable}`;
    });
}

/** The numbers that only some types have. */
const numberOf: Readonly<Record<string, string>> = {
  count: 'what is missing has no lines',
  share: 'only a type that measures a share has one, such as ratio',
  usual: 'only a type that compares windows knows what is usual, such as frequency or ratio',
};

/** Lines of tests that say twice, or with another table's columns, what they are. */
export function badTests(tests: readonly StatedTest[], { on }: Rule): PlacedProblem[] {
  return tests.flatMap((test, index) =>
    badGiven(test, on).map((problem) => ({ ...problem, path: ['tests', index, 'given', ...problem.path] })),
  );
}

const timing = new Set(['at', 'repeat', 'every', 'arrives', 'type']);
const besideLine = new Set([
  'at',
  'repeat',
  'every',
  'arrives',
  'line',
  'service',
  'source',
  'task',
  'cluster',
  'task_definition',
]);

function badGiven({ given }: StatedTest, on: readonly LogType[]): PlacedProblem[] {
  return given.flatMap((lines, index) => {
    const keys = Object.keys(lines);
    if (lines.line !== undefined) {
      return keys
        .filter((key) => !besideLine.has(key))
        .map((key) => ({
          path: [index, key],
          on: 'key' as const,
          message: `a raw line says itself what its ${key} is; leave "${key}" out, or give columns instead of "line"`,
        }));
    }
    const type = lines.type ?? on[0] ?? 'error';
    if (!on.includes(type)) {
      return [{ path: [index, 'type'], message: unknownWord('type', type, on, ' (what the rule is on)') }];
    }
    return keys
      .filter((key) => !timing.has(key))
      .flatMap((key) => {
        const message = lack(meantBy(key), [type]);
        return message ? [{ path: [index, key], on: 'key' as const, message }] : [];
      });
  });
}
