import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ruleTypes } from '../../shared/conditions/index.js';
import { type ParsedRules, parseRules } from '../../shared/rules/language/loadRules.js';
import { itPassesTestsOf } from '../helpers/rulesTests.js';

const path = 'docs/rules.md';
const page = await readFile(path, 'utf8');

/** Each fenced list of rules is a file of its own; blank lines keep its lines where they are on the page. */
const examples: ParsedRules[] = [];
for (const { 1: text = '', index } of page.matchAll(/^```yaml\n((?:#.*\n)*- [\s\S]*?)^```$/gm)) {
  const above = page.slice(0, index).replace(/[^\n]/g, '');
  examples.push(await parseRules([{ path, text: `${above}\n${text}` }]));
}

describe.each(examples.map((parsed) => ({ parsed, names: parsed.rules.map(({ name }) => name).join(', ') })))(
  'the example $names',
  ({ parsed }) => itPassesTestsOf(parsed),
);

it('shows each type of rule by an example with tests', () => {
  const tested = examples.flatMap(({ rules, tests }) => rules.filter(({ name }) => tests.has(name)));
  expect(new Set(tested.map(({ type }) => type))).toEqual(new Set(ruleTypes));
});
