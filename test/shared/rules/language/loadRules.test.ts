import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ruleFileSchema from '../../../../infra/rules.schema.json' with { type: 'json' };
import { tables } from '../../../../shared/line/schema/index.js';
import { loadRules, parseRules, RuleFileError } from '../../../../shared/rules/language/loadRules.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { compileRules } from '../../../../shared/rules/matching/match.js';
import { combinations } from '../../../../shared/where/clause.js';

const DAY = 86_400_000;

const good = `- name: fatal-line
  where: { level: fatal }
  severity: critical
  title: "{service} died"
`;

/** The one rule that the text holds. */
async function ruleOf(text: string): Promise<Rule | undefined> {
  const { rules, problems } = await parseRules([{ path: 'r.yml', text }]);
  expect(problems).toEqual([]);
  return rules[0];
}

/** A rule of any type but match, with more keys. */
const typed = (type: string, more = '') => `- name: r
  type: ${type}
  severity: info
  title: t
${more}`;

describe('parseRules', () => {
  it('fills in the defaults', async () => {
    expect(await ruleOf(good)).toEqual({
      name: 'fatal-line',
      type: 'match',
      on: ['error', 'app'],
      where: { level: 'fatal' },
      by: ['service'],
      severity: 'critical',
      title: '{service} died',
      cooldown: 900_000,
      maxCooldown: 900_000,
      unlessFiring: [],
      mute: [],
      mode: 'live',
      lateness: 120_000,
    });
  });

  it.each<[string, object]>([
    ['frequency\n  threshold: 5\n  window: 1m', { type: 'frequency', threshold: 5, window: 60_000 }],
    ['spike\n  window: 10m', { type: 'spike', window: 600_000, factor: 3, minCount: 10, minPrevious: 1 }],
    [
      'spike\n  window: 10m\n  factor: 2.5\n  min_count: 20\n  min_previous: 5',
      { type: 'spike', window: 600_000, factor: 2.5, minCount: 20, minPrevious: 5 },
    ],
    [
      'spike\n  window: 10m\n  baseline: week',
      { type: 'spike', window: 600_000, factor: 3, minCount: 10, minPrevious: 1, baseline: 'week' },
    ],
    [
      'burn-rate\n  objective: 99.9 %\n  of: { level: error }',
      {
        type: 'burn-rate',
        of: { level: 'error' },
        objective: 0.999,
        windows: [
          { long: 3_600_000, short: 300_000, factor: 14.4 },
          { long: 21_600_000, short: 1_800_000, factor: 6 },
        ],
        minCount: 10,
        step: 60_000,
      },
    ],
    [
      'burn-rate\n  objective: 0.95\n  of: { level: error }\n  min_count: 50\n  windows: [{ long: 3d, short: 6h, factor: 1 }]',
      {
        type: 'burn-rate',
        of: { level: 'error' },
        objective: 0.95,
        windows: [{ long: 3 * DAY, short: DAY / 4, factor: 1 }],
        minCount: 50,
        step: 4_320_000,
      },
    ],
    [
      'growth\n  window: 1h',
      { type: 'growth', window: 3_600_000, steps: 3, factor: 1.5, minCount: 100, minPrevious: 10 },
    ],
    [
      'growth\n  window: 24h\n  steps: 1\n  factor: 2\n  min_count: 50\n  min_previous: 20',
      { type: 'growth', window: DAY, steps: 1, factor: 2, minCount: 50, minPrevious: 20 },
    ],
    ['drop\n  window: 10m', { type: 'drop', window: 600_000, below: 0.5, minPrevious: 100, forget: DAY }],
    [
      'drop\n  window: 1h\n  below: 20%\n  min_previous: 50\n  baseline: day\n  forget: 2d',
      { type: 'drop', window: 3_600_000, below: 0.2, minPrevious: 50, baseline: 'day', forget: 2 * DAY },
    ],
    [
      'ratio\n  of: { level: error }\n  window: 5m\n  above: 12.5%',
      { type: 'ratio', of: { level: 'error' }, window: 300_000, above: 0.125, minTotal: 100 },
    ],
    [
      'ratio\n  of: { level: error }\n  window: 5m\n  below: 0.9\n  min_total: 10',
      { type: 'ratio', of: { level: 'error' }, window: 300_000, below: 0.9, minTotal: 10 },
    ],
    ['new', { type: 'new', remember: 30 * DAY, learn: 0, burst: 5 }],
    ['new\n  remember: 7d\n  learn: 1d\n  burst: 2', { type: 'new', remember: 7 * DAY, learn: DAY, burst: 2 }],
    [
      'cardinality\n  of: fields.user\n  window: 1h\n  above: 20',
      { type: 'cardinality', of: 'fields.user', window: 3_600_000, above: 20 },
    ],
    ['absence\n  window: 10m', { type: 'absence', window: 600_000, expect: [], minCount: 1, forget: DAY }],
    [
      'absence\n  window: 10m\n  expect: [{ service: 5 }]\n  min_count: 3\n  forget: 2d',
      { type: 'absence', window: 600_000, expect: [{ service: '5' }], minCount: 3, forget: 2 * DAY },
    ],
    [
      'absence\n  window: 10m\n  expect: mon 08:00-18:00',
      {
        type: 'absence',
        expect: [],
        times: [{ text: 'mon 08:00-18:00', days: [1], from: 480, to: 1080, zone: 'UTC' }],
      },
    ],
    ['change\n  of: fields.version', { type: 'change', of: 'fields.version' }],
  ])('reads %j', async (type, condition) => {
    const rule = await ruleOf(typed(type));
    expect(rule).toMatchObject(condition);
    expect(rule).toMatchObject({ where: {}, on: ['error', 'app'] });
  });

  it('keeps what is stated', async () => {
    const text = `- name: r
  type: match
  on: [error, access]
  where: { any: [{ level: fatal }, { not: { status: { lt: 500 } } }], client_ip: { cidr: 10.0.0.0/8 } }
  by: [service, fields.a.b]
  severity: info
  route: team-a
  title: t
  text: "see {fields.a.b}"
  runbook: https://example.com/x
  cooldown: 1h
  max_cooldown: 1d
  resolve_after: 20m
  unless_firing: [fatal-line]
  mute: [{ days: [sat, sun] }, { from: 22:00, to: 24:00, zone: Europe/Berlin }]
  mode: shadow
  lateness: 0s
`;
    const { rules, problems } = await parseRules([
      { path: 'r.yml', text },
      { path: 's.yml', text: good },
    ]);
    expect(problems).toEqual([]);
    expect(rules[0]).toEqual({
      name: 'r',
      type: 'match',
      on: ['error', 'access'],
      where: {
        any: [{ level: 'fatal' }, { not: { status: { lt: 500 } } }],
        client_ip: { cidr: '10.0.0.0/8' },
      },
      by: ['service', 'fields.a.b'],
      severity: 'info',
      route: 'team-a',
      title: 't',
      text: 'see {fields.a.b}',
      runbook: 'https://example.com/x',
      cooldown: 3_600_000,
      maxCooldown: DAY,
      resolveAfter: 1_200_000,
      unlessFiring: ['fatal-line'],
      mute: [
        { days: [6, 0], from: 0, to: 0, zone: 'UTC' },
        { days: [], from: 1320, to: 0, zone: 'Europe/Berlin' },
      ],
      mode: 'shadow',
      lateness: 0,
    });
  });

  it.each([
    ['docs/runbooks/x.md', 'https://example.com/repo/', 'https://example.com/repo/docs/runbooks/x.md'],
    ['docs/runbooks/x.md', 'https://example.com/repo', 'https://example.com/repo/docs/runbooks/x.md'],
    ['docs/runbooks/x.md', undefined, 'docs/runbooks/x.md'],
    ['https://example.org/x', 'https://example.com/repo', 'https://example.org/x'],
  ])('finds the runbook %s with the base %s at %s', async (runbook, runbook_base, link) => {
    const files = [{ path: 'r.yml', text: `${good}  runbook: ${runbook}\n` }];
    const { rules } = await parseRules(files, runbook_base === undefined ? {} : { runbook_base });
    expect(rules[0]?.runbook).toBe(link);
  });

  it('gives the tests beside the rules, with their places', async () => {
    const text = `${good}  tests:
    - name: told
      given:
        - { at: 10s, level: fatal, fields.a: 1 }
        - { at: 1m, line: "FATAL x", service: pay, repeat: 3, every: 2s }
      expect:
        - { at: 1m, kind: resolved }
        - { at: 10s, key: pay, count: 1, suppressed: 0, title: died }
    - { name: quiet, given: [{ at: 0s, type: app }], expect: [] }
`;
    const { rules, tests, problems } = await parseRules([
      { path: 'r.yml', text },
      { path: 's.yml', text: good.replace('fatal-line', 'untested') },
    ]);
    expect(problems).toEqual([]);
    expect(rules[0]).not.toHaveProperty('tests');
    expect([...tests]).toEqual([
      [
        'fatal-line',
        [
          {
            name: 'told',
            path: 'r.yml',
            line: 6,
            given: [
              {
                at: 10_000,
                repeat: 1,
                every: 0,
                kind: 'row',
                type: 'error',
                columns: { level: 'fatal', 'fields.a': 1 },
              },
              { at: 60_000, repeat: 3, every: 2000, kind: 'line', line: 'FATAL x', service: 'pay' },
            ],
            expect: [
              { at: 10_000, kind: 'firing', key: 'pay', count: 1, suppressed: 0, title: 'died' },
              { at: 60_000, kind: 'resolved' },
            ],
          },
          {
            name: 'quiet',
            path: 'r.yml',
            line: 13,
            given: [{ at: 0, repeat: 1, every: 0, kind: 'row', type: 'app', columns: {} }],
            expect: [],
          },
        ],
      ],
    ]);
  });

  it('tells of all problems at once, in every file', async () => {
    const bad = 'severity: loud\n  title: "{nobody}"\n  cooldown: soon\n';
    const { problems, rules } = await parseRules([
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

  it('refuses a name taken in another file', async () => {
    const { problems } = await parseRules([
      { path: 'a.yml', text: good },
      { path: 'b.yml', text: good },
    ]);
    expect(problems).toEqual([
      { path: 'b.yml', line: 1, column: 9, message: 'the name "fatal-line" is already taken by the rule at a.yml:1' },
    ]);
  });

  it('does not miss a rule that may be in a file which can not be read', async () => {
    const { problems } = await parseRules([
      { path: 'a.yml', text: `${good}  unless_firing: [other]\n` },
      { path: 'b.yml', text: '- name: other\n  severty: info\n' },
    ]);
    expect(new Set(problems.map(({ path }) => path))).toEqual(new Set(['b.yml']));
  });

  it('refuses rules that wait for each other, in a circle over files', async () => {
    const waiting = (name: string, other: string) => ({
      path: `${name}.yml`,
      text: `${good.replace('fatal-line', name)}  unless_firing: [${other}]\n`,
    });
    const { problems } = await parseRules([waiting('a', 'b'), waiting('b', 'c'), waiting('c', 'a')]);
    expect(problems.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`)).toEqual([
      "a.yml:5:19 rules can't wait for each other: a → b → c → a; take one of them out",
      "b.yml:5:19 rules can't wait for each other: b → c → a → b; take one of them out",
      "c.yml:5:19 rules can't wait for each other: c → a → b → c; take one of them out",
    ]);
  });

  it('gives rules that compile, or problems within the file, whatever the text', async () => {
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
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const { rules, problems } = await parseRules([{ path: 'r.yml', text: content }]);
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
  it('knows the columns of all tables', () => {
    const stored = Object.keys({ ...tables.error, ...tables.access }).filter((name) => name !== 'fields');
    const columns = [...stored, 'task_definition'];
    const { column, where, given } = ruleFileSchema.definitions;
    expect([...(column.anyOf[0]?.enum ?? [])].sort()).toEqual([...columns].sort());
    expect(Object.keys(where.properties)).toEqual(expect.arrayContaining([...columns, ...combinations]));
    expect(Object.keys(where.properties)).toHaveLength(columns.length + combinations.size);
    expect(Object.keys(given.properties)).toEqual(expect.arrayContaining(columns.filter((name) => name !== 'ts')));
  });
});
