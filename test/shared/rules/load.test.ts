import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ruleFileSchema from '../../../infra/rules.schema.json' with { type: 'json' };
import { loadRules, parseRules, RuleFileError } from '../../../shared/rules/load.js';
import { compileRules } from '../../../shared/rules/match.js';
import { tables } from '../../../shared/schema/index.js';

const good = `- name: fatal-line
  where: { level: fatal }
  severity: critical
  title: "{service} died"
`;

/** The problems of one file as `line:column message`. */
function problemsOf(text: string): string[] {
  return parseRules([{ path: 'r.yml', text }]).problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

describe('parseRules', () => {
  it('fills in the defaults', () => {
    expect(parseRules([{ path: 'r.yml', text: good }])).toEqual({
      problems: [],
      rules: [
        {
          name: 'fatal-line',
          type: 'match',
          on: ['error', 'app'],
          where: { level: 'fatal' },
          by: ['service'],
          severity: 'critical',
          title: '{service} died',
          cooldown: 900_000,
        },
      ],
    });
  });

  it('keeps what is stated', () => {
    const text = `${good}  type: match\n  on: [error]\n  by: [service, fields.a.b]\n  cooldown: 1h\n  runbook: https://example.com/x\n`;
    expect(parseRules([{ path: 'r.yml', text }]).rules[0]).toMatchObject({
      on: ['error'],
      by: ['service', 'fields.a.b'],
      cooldown: 3_600_000,
      runbook: 'https://example.com/x',
    });
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      `${good}  severty: info\n`,
      '5:3 unknown key "severty"; did you mean "severity"? Allowed: name, type, on, where, by, severity, title, runbook, cooldown',
    ],
    [
      'an unknown column',
      good.replace('level:', 'levle:'),
      '2:12 unknown column "levle"; did you mean "level"? Allowed: ts, service',
    ],
    [
      'an unknown condition',
      good.replace('fatal }', '{ contians: x } }'),
      '2:21 unknown condition "contians"; did you mean "contains"? Allowed: contains, regex',
    ],
    [
      'an unknown severity',
      good.replace('critical', 'critcal'),
      '3:13 unknown severity "critcal"; did you mean "critical"? Allowed: info, warning, critical',
    ],
    ['a type to come', `${good}  type: spike\n`, '5:9 unknown type "spike"; allowed: match'],
    [
      'an unknown table',
      `${good}  on: [errors]\n`,
      '5:8 unknown on "errors"; did you mean "error"? Allowed: error, app',
    ],
    [
      'an unknown key column',
      `${good}  by: [sevice]\n`,
      '5:8 unknown column "sevice"; did you mean "service"? Allowed: ts, service',
    ],
    [
      'a missing key',
      '- name: x\n  where: { level: fatal }\n  severity: info\n',
      '1:3 the rule has no "title"; add it',
    ],
    ['an empty where', good.replace('{ level: fatal }', '{}'), '2:10 where is empty; name at least one'],
    [
      'a null',
      good.replace('fatal }', '~ }'),
      '2:19 where.level is empty; it must be text or a number or a boolean or a list or a map',
    ],
    ['a wrong type', good.replace('fatal }', '{ gt: "5" } }'), '2:25 where.level.gt is "5"; it must be a number'],
    ['a bad name', good.replace('fatal-line', 'Fatal Line'), '1:9 name is "Fatal Line"; write it in kebab-case'],
    [
      'a bad cooldown',
      `${good}  cooldown: 10 minutes\n`,
      '5:13 cooldown is "10 minutes"; write a number and s, m, h or d',
    ],
    ['a cooldown too long', `${good}  cooldown: 8d\n`, '5:13 cooldown is "8d"; the longest is 7d'],
    ['a bad link', `${good}  runbook: example.com\n`, '5:12 runbook is "example.com"; write a whole http(s) link'],
    [
      'a bad regular expression',
      good.replace('fatal }', '{ not: { regex: "(x" } } }'),
      '2:35 not a valid regular expression: /(x/: Unterminated group',
    ],
    [
      'a bad title',
      good.replace('{service}', '{servise}'),
      '4:10 unknown column {servise} in the title; did you mean {service}?',
    ],
    ['no list', 'name: x\n', '1:1 the file is a map; it must be a list'],
    ['an empty file', '# nothing\n', '1:1 the file is empty; it must be a list'],
    ['bad YAML', '- name: "x\n  where: 1\n', '3:1 Missing closing "quote'],
    ['a key twice', `${good}  title: again\n`, '5:3 Map keys must be unique'],
  ])('tells of %s', (_name, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it('tells of all problems at once, in every file', () => {
    const bad = 'severity: loud\n  title: "{nobody}"\n  cooldown: soon\n';
    const { problems, rules } = parseRules([
      { path: 'a.yml', text: `- name: a\n  where: { levle: x }\n  ${bad}` },
      { path: 'b.yml', text: good },
      { path: 'c.yml', text: `- nam: c\n` },
    ]);
    expect(problems.map(({ path, line }) => `${path}:${line}`)).toEqual([
      ...['a.yml:2', 'a.yml:3', 'a.yml:5'],
      ...['c.yml:1', 'c.yml:1', 'c.yml:1', 'c.yml:1', 'c.yml:1'],
    ]);
    expect(rules.map(({ name }) => name)).toEqual(['fatal-line']);
  });

  it('refuses a name taken in another file', () => {
    const { problems } = parseRules([
      { path: 'a.yml', text: good },
      { path: 'b.yml', text: good },
    ]);
    expect(problems).toEqual([
      { path: 'b.yml', line: 1, column: 9, message: 'the name "fatal-line" is already taken by the rule at a.yml:1' },
    ]);
  });

  it('gives rules that compile, or problems within the file, whatever the text', () => {
    const word = fc.constantFrom(
      '- ',
      'name: ',
      'where: ',
      'a',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '\n',
      '  ',
      '"',
      'level',
      'fatal',
      '&a',
      '*a',
      '?',
      '|',
      '\t',
      '#',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (content) => {
        const { rules, problems } = parseRules([{ path: 'r.yml', text: content }]);
        compileRules(rules);
        expect(rules.length === 0 || problems.length === 0).toBe(true);
        for (const { line, column } of problems) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(content.split('\n').length);
          expect(column).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('loadRules', () => {
  it('loads the rules that ship', async () => {
    const rules = await loadRules('infra/rules');
    expect(rules.length).toBeGreaterThan(3);
    expect(compileRules(rules).rules).toBe(rules);
  });

  it('throws with every problem in its message', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firesplit-rules-'));
    try {
      await writeFile(join(dir, 'a.yml'), '- nam: x\n');
      await writeFile(join(dir, 'notes.txt'), 'not a rule file');
      const error = await loadRules(dir).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RuleFileError);
      expect(String(error)).toContain('5 problems in the rule files\n');
      expect(String(error)).toContain(`${join(dir, 'a.yml')}:1:3 unknown key "nam"; did you mean "name"?`);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('infra/rules.schema.json', () => {
  it('knows the columns of the tables', () => {
    const columns = Object.keys(tables.error).filter((name) => name !== 'fields');
    const { where, by } = ruleFileSchema.definitions.rule.properties;
    expect(Object.keys(where.properties)).toEqual(columns);
    expect(by.items.anyOf[0]?.enum).toEqual(columns);
  });
});
