import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ruleFileSchema from '../../../infra/rules.schema.json' with { type: 'json' };
import { loadRules, parseRules, RuleFileError } from '../../../shared/rules/load.js';
import { compileRules } from '../../../shared/rules/match.js';
import { combinations, type Rule } from '../../../shared/rules/rule.js';
import { tables } from '../../../shared/schema/index.js';

const DAY = 86_400_000;

const good = `- name: fatal-line
  where: { level: fatal }
  severity: critical
  title: "{service} died"
`;

/** The problems of one file as `line:column message`. */
async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await parseRules([{ path: 'r.yml', text }]);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

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
      'ratio\n  of: { level: error }\n  window: 5m\n  above: 12.5%',
      { type: 'ratio', of: { level: 'error' }, window: 300_000, above: 0.125, minTotal: 100 },
    ],
    [
      'ratio\n  of: { level: error }\n  window: 5m\n  below: 0.9\n  min_total: 10',
      { type: 'ratio', of: { level: 'error' }, window: 300_000, below: 0.9, minTotal: 10 },
    ],
    ['new', { type: 'new', remember: 30 * DAY }],
    ['new\n  remember: 7d', { type: 'new', remember: 7 * DAY }],
    [
      'cardinality\n  of: fields.user\n  window: 1h\n  above: 20',
      { type: 'cardinality', of: 'fields.user', window: 3_600_000, above: 20 },
    ],
    ['absence\n  window: 10m', { type: 'absence', window: 600_000, expect: [], minCount: 1, forget: DAY }],
    [
      'absence\n  window: 10m\n  expect: [{ service: 5 }]\n  min_count: 3\n  forget: 2d',
      { type: 'absence', window: 600_000, expect: [{ service: '5' }], minCount: 3, forget: 2 * DAY },
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

  it.each<[string, string, string]>([
    [
      'an unknown key',
      `${good}  severty: info\n`,
      '5:3 unknown key "severty"; did you mean "severity"? Allowed: name, type, on, where, by, window, threshold,',
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
    [
      'an unknown type',
      typed('spik', '  window: 5m\n'),
      '2:9 unknown type "spik"; did you mean "spike"? Allowed: match, frequency, spike',
    ],
    [
      'a key of another type',
      `${good}  type: change\n  of: level\n  window: 5m\n`,
      '7:3 "window" is for frequency, spike, ratio, cardinality, absence; this rule is a change',
    ],
    [
      'a key of another type than the default',
      `${good}  threshold: 5\n`,
      '5:3 "threshold" is for frequency; this rule is a match',
    ],
    ['a type without its keys', typed('spike'), '1:3 the rule has no "window"; add it'],
    ['a match without a where', '- { name: x, severity: info, title: t }\n', '1:3 the rule has no "where"; add it'],
    [
      'an unknown condition in a combination',
      good.replace('fatal }', '{ any: [{ contians: x }] } }'),
      '2:29 unknown condition "contians"; did you mean "contains"?',
    ],
    [
      'an unknown column in a combination',
      good.replace('level:', 'any: [{ not: { levle: x } }], level:'),
      '2:27 unknown column "levle"; did you mean "level"?',
    ],
    [
      'an unknown column to measure',
      typed('ratio', '  window: 5m\n  above: 0.1\n  of: { statsu: 500 }\n'),
      '7:9 unknown column "statsu"; did you mean "status"?',
    ],
    [
      'an unknown column to watch',
      typed('change', '  of: exeption\n'),
      '5:7 unknown column "exeption"; did you mean "exception"?',
    ],
    ['an empty combination', good.replace('level: fatal', 'any: [{}]'), '2:18 where.any is empty; name at least one'],
    [
      'a column of other tables',
      good.replace('level: fatal', 'status: 500'),
      '2:12 error and app lines have no column "status", those of access do; change "on", or the column',
    ],
    [
      'a key column of other tables',
      `${good}  on: [app]\n  by: [service, client_ip]\n`,
      '6:17 app lines have no column "client_ip", those of access do',
    ],
    [
      'a share of another table',
      typed('ratio', '  window: 5m\n  above: 0.1\n  of: { status: 500 }\n'),
      '7:9 error and app lines have no column "status"',
    ],
    [
      'a column to watch of another table',
      typed('cardinality', '  window: 5m\n  above: 3\n  of: client_ip\n'),
      '7:7 error and app lines have no column "client_ip"',
    ],
    [
      'an address block that is none',
      good.replace('fatal }', '{ not: { cidr: [10.0.0.0/8, 10.0.0/33] } } }'),
      '2:47 "10.0.0/33" is no address block; write one such as 10.0.0.0/8',
    ],
    ['a window too short', typed('spike', '  window: 9s\n'), '5:11 window is "9s"; the shortest is 10s'],
    ['a window too long', typed('spike', '  window: 25h\n'), '5:11 window is "25h"; the longest is 24h'],
    ['a bad window', typed('spike', '  window: 5\n'), '5:11 window is 5; it must be text'],
    ['a memory too long', typed('new', '  remember: 91d\n'), '5:13 remember is "91d"; the longest is 90d'],
    [
      'a max_cooldown below the cooldown',
      `${good}  max_cooldown: 10m\n`,
      '5:17 max_cooldown is "10m", less than the cooldown of 15m',
    ],
    [
      'a key that is forgotten before it is missed',
      typed('absence', '  window: 24h\n'),
      '5:11 a key is forgotten after 1d, before it could be missed',
    ],
    [
      'a ratio without a bound',
      typed('ratio', '  window: 5m\n  of: { level: error }\n'),
      '1:3 a ratio has neither "above" nor "below"; write one of them',
    ],
    [
      'a ratio with both bounds',
      typed('ratio', '  window: 5m\n  of: { level: error }\n  above: 0.5\n  below: 0.1\n'),
      '8:3 a ratio has both "above" and "below"; make it two rules',
    ],
    [
      'a percentage without its sign',
      typed('ratio', '  window: 5m\n  of: { level: error }\n  above: 5\n'),
      '7:10 above is 5; it must be <= 1',
    ],
    [
      'a bad percentage',
      typed('ratio', '  window: 5m\n  of: { level: error }\n  above: five %\n'),
      '7:10 above is "five %"; write a share from 0 to 1, or a percentage',
    ],
    [
      'a share above all',
      typed('ratio', '  window: 5m\n  of: { level: error }\n  above: 101%\n'),
      '7:10 above is "101%"; no share is above 100%',
    ],
    [
      'a share that nothing is above',
      typed('ratio', '  window: 5m\n  of: { level: error }\n  above: 1\n'),
      '7:10 above is 1, and no share is above that: the rule would never fire',
    ],
    [
      'an expected key of other columns',
      typed('absence', '  window: 5m\n  expect: [{ task: x }]\n'),
      '6:12 the key has task; it must have what "by" has: service',
    ],
    ['itself', `${good}  unless_firing: [fatal-line]\n`, "5:19 a rule can't wait for itself"],
    [
      'an unknown rule',
      `${good}  unless_firing: [fatal-lime]\n- { name: other, where: { level: x }, severity: info, title: t }\n`,
      '5:19 unknown rule "fatal-lime"; allowed: other',
    ],
    [
      'a rule with another key',
      `${good}  unless_firing: [other]\n- { name: other, where: { level: x }, by: [task], severity: info, title: t }\n`,
      '5:19 "other" is keyed by task, which this rule is not',
    ],
    [
      'a time zone that is none',
      `${good}  mute: [{ zone: Berlin }]\n`,
      '5:18 unknown time zone "Berlin"; write an IANA name such as Europe/Berlin',
    ],
    [
      'a time that is none',
      `${good}  mute: [{ from: "9:00", to: "10:00" }]\n`,
      '5:18 mute.from is "9:00"; write hours and minutes, for example "22:00"',
    ],
    ['half a mute time', `${good}  mute: [{ from: "09:00" }]\n`, '5:10 mute has "from" and no "to"; add it'],
    ['an unknown day', `${good}  mute: [{ days: [su] }]\n`, '5:19 unknown mute.days "su"; did you mean "sun"?'],
    ['a bad route', `${good}  route: Team A\n`, '5:10 route is "Team A"; write it in kebab-case'],
    [
      'an expression that takes exponential time',
      good.replace('fatal }', '{ any: [{ regex: "^(a|a)*$" }] } }'),
      '2:36 the expression takes exponential time',
    ],
    [
      'a placeholder that nothing fills',
      good.replace('{service}', '{logger}'),
      '4:10 nothing fills {logger} in the title; add it to "by", or use what a message has: {service}, {level}, {message}',
    ],
    [
      'a bad placeholder in the text',
      `${good}  text: "see {fields.id}"\n`,
      '5:9 nothing fills {fields.id} in the text; add it to "by"',
    ],
    [
      'a placeholder for lines that are absent',
      typed('absence', '  window: 5m\n').replace('title: t', 'title: "{message}"'),
      '4:10 nothing fills {message} in the title; add it to "by", or use what a message has: {service}',
    ],
    [
      'an unknown key of a test',
      `${good}  tests: [{ name: t, given: [{ at: 0s }], expects: [], expect: [] }]\n`,
      '5:43 unknown key "expects"; did you mean "expect"?',
    ],
    [
      'an unknown column of a test',
      `${good}  tests: [{ name: t, given: [{ at: 0s, levle: x }], expect: [] }]\n`,
      '5:40 unknown key "levle"; did you mean "level"?',
    ],
    [
      'a column of another table in a test',
      `${good}  tests: [{ name: t, given: [{ at: 0s, status: 500 }], expect: [] }]\n`,
      '5:40 error lines have no column "status", those of access do',
    ],
    [
      'a raw line with columns',
      `${good}  tests: [{ name: t, given: [{ at: 0s, line: x, service: a, level: fatal }], expect: [] }]\n`,
      '5:61 a raw line says itself what its level is; leave "level" out',
    ],
    [
      'a raw line of nobody',
      `${good}  tests: [{ name: t, given: [{ at: 0s, line: x }], expect: [] }]\n`,
      '5:30 tests.given has "line" and no "service"; add it',
    ],
    [
      'a bad time of a test',
      `${good}  tests: [{ name: t, given: [{ at: 5 s }], expect: [] }]\n`,
      '5:36 tests.given.at is "5 s"; write a number and s, m, h or d',
    ],
    [
      'an unknown table',
      `${good}  on: [errors]\n`,
      '5:8 unknown on "errors"; did you mean "error"? Allowed: access, error, app',
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
    ['a bad link', `${good}  runbook: //example.com\n`, '5:12 runbook is "//example.com"; write a whole http(s) link'],
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
  ])('tells of %s', async (_name, text, expected) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
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
    const columns = Object.keys({ ...tables.error, ...tables.access }).filter((name) => name !== 'fields');
    const { column, where, given } = ruleFileSchema.definitions;
    expect([...(column.anyOf[0]?.enum ?? [])].sort()).toEqual([...columns].sort());
    expect(Object.keys(where.properties)).toEqual(expect.arrayContaining([...columns, ...combinations]));
    expect(Object.keys(where.properties)).toHaveLength(columns.length + combinations.size);
    expect(Object.keys(given.properties)).toEqual(expect.arrayContaining(columns.filter((name) => name !== 'ts')));
  });
});
