import { describe, expect, it } from '@jest/globals';
import { parseRules } from '../../../../shared/rules/language/loadRules.js';

const good = `- name: fatal-line
  where: { level: fatal }
  severity: critical
  title: "{service} died"
`;

/** A rule of any type but match, with more keys. */
const typed = (type: string, more = '') => `- name: r
  type: ${type}
  severity: info
  title: t
${more}`;

/** The problems of one file as `line:column message`. */
async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await parseRules([{ path: 'r.yml', text }]);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('problems of rule files', () => {
  it.each<[string, string, string]>([
    [
      'an unknown key',
      `${good}  severty: info\n`,
      '5:3 unknown key "severty"; did you mean "severity"? Allowed: name, type, on, where, by, window, windows, threshold,',
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
      '7:3 "window" is for frequency, spike, drop, growth, ratio, cardinality, absence, quantile, outlier, fewer, sum; this rule is a change',
    ],
    [
      'a key of another type than the default',
      `${good}  threshold: 5\n`,
      '5:3 "threshold" is for frequency; this rule is a match',
    ],
    [
      'a time that is no number of windows',
      '- name: x\n  type: frequency\n  threshold: 2\n  window: 10m\n  for: 25m\n  severity: info\n  title: x',
      '5:8 for is 25m, which is not 2 to 12 windows of 10m; write 30m',
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
      'more to remember than an item holds',
      typed('cardinality', '  window: 1m\n  of: message\n  above: 3\n  lateness: 1h\n'),
      '8:13 the rule might have to remember 1.6 MB of one key, and there is room for 205 kB; make "lateness" shorter',
    ],
    [
      'a baseline that is none',
      typed('spike', '  window: 5m\n  baseline: month\n'),
      '6:13 unknown baseline "month"; allowed: previous, hour, day, week',
    ],
    [
      'a window longer than the hours of a baseline',
      typed('spike', '  window: 2h\n  baseline: week\n'),
      '5:11 a baseline of the week knows hours, and the window is 2h; make it 1h at most',
    ],
    [
      'an objective without windows of its own that would never fire',
      typed('burn-rate', '  of: { level: error }\n  objective: 90%\n'),
      '6:14 144 % of all lines would have to fail for 14.4 times the error budget',
    ],
    [
      'a window that is no duration',
      typed('burn-rate', '  of: { level: error }\n  objective: 99%\n  windows: [{ long: 1h, short: 5, factor: 2 }]\n'),
      '7:32 windows.short is 5; it must be text',
    ],
    [
      'a window as people say it',
      typed(
        'burn-rate',
        '  of: { level: error }\n  objective: 99%\n  windows: [{ long: 1h, short: 5 min, factor: 2 }]\n',
      ),
      '7:32 windows.short is "5 min"; write a number and s, m, h or d',
    ],
    [
      'windows that are none',
      typed('burn-rate', '  of: { level: error }\n  objective: 99%\n  windows: [{ long: 1h, factor: 2 }]\n'),
      '7:13 windows has no "short"; add it',
    ],
    [
      'a column of other tables in what is bad',
      typed('burn-rate', '  of: { status: 500 }\n  objective: 99%\n'),
      '5:9 error and app lines have no column "status"',
    ],
    ['steps of nothing', typed('growth', '  window: 1h\n  steps: 0\n'), '6:10 steps is 0; it must be >= 1'],
    ['too many steps', typed('growth', '  window: 1h\n  steps: 8\n'), '6:10 steps is 8; it must be <= 7'],
    [
      'a drop that none is',
      typed('drop', '  window: 5m\n  below: 100%\n'),
      '6:10 below is 100%, and that is no drop; write a share such as "50%"',
    ],
    ['a window of a drop too short', typed('drop', '  window: 30s\n'), '5:11 window is "30s"; the shortest is 1m'],
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
      '7:10 above is 5; write a percentage such as "5%", or a number from 0 to 1',
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
      'what is learned for longer than it is remembered',
      typed('new', '  remember: 1d\n  learn: 2d\n'),
      '6:10 what is learned for 2d would be forgotten after 1d; make "learn" shorter, or "remember" longer',
    ],
    ['no place for a new key', typed('new', '  burst: 0\n'), '5:10 burst is 0; it must be >= 1'],
    [
      'a time of the week that is none',
      typed('absence', '  window: 5m\n  expect: weekdays\n'),
      '6:11 "weekdays" is no time of the week; write for example "mon-fri 08:00-18:00 Asia/Tokyo", or "daily by 03:30 Europe/Berlin"',
    ],
    [
      'a time of the week in no zone',
      typed('absence', '  window: 5m\n  expect: [{ service: a }, "mon 08:00-18:00 Asia/Tokio"]\n'),
      '6:28 unknown time zone "Asia/Tokio"; write an IANA name such as Europe/Berlin or UTC',
    ],
    [
      'times of the week that are shorter than the window',
      typed('absence', '  window: 2h\n  expect: [08:00-09:00, 09:30-10:30]\n'),
      '5:11 none of the times of "expect" is as long as the window of 2h, so that nothing would ever be missed; make it shorter',
    ],
    [
      'peers of another table',
      typed('outlier', '  peers: client_ip\n  window: 5m\n'),
      '5:10 error and app lines have no column "client_ip"',
    ],
    [
      'peers that are alone',
      typed('outlier', '  peers: task\n  by: [service, task]\n  window: 5m\n'),
      '5:10 "by" has task, too, so that each would be alone; take it out of "by"',
    ],
    [
      'a share of peers of which none is compared',
      typed('outlier', '  peers: task\n  window: 5m\n  above: 5%\n'),
      '7:3 "above" compares shares, and there is no "of"; add "of", or leave it out',
    ],
    [
      'a number of lines where shares are compared',
      typed('outlier', '  peers: task\n  window: 5m\n  of: { level: error }\n  min_count: 5\n'),
      '8:3 "min_count" compares numbers of lines, and with "of" shares are compared; write "min_total"',
    ],
    [
      'a sequence without its keys',
      typed('sequence', '  of: fields.order\n  within: 5m\n  where: { message: started }\n'),
      'the rule has no "then"; add it',
    ],
    [
      'a sequence that ends where it starts',
      typed(
        'sequence',
        '  of: fields.order\n  within: 5m\n  where: { message: started }\n  then: { message: started }\n',
      ),
      '8:9 "then" is the same as "where"',
    ],
    [
      'a sequence whose end is in no column',
      typed('sequence', '  of: fields.order\n  within: 5m\n  where: { message: started }\n  then: { mesage: done }\n'),
      '8:11 unknown column "mesage"; did you mean "message"?',
    ],
    [
      'a sequence whose end is that of another table',
      typed('sequence', '  of: fields.order\n  within: 5m\n  where: { message: started }\n  then: { status: 200 }\n'),
      '8:11 error and app lines have no column "status"',
    ],
    [
      'a sequence that takes too long',
      typed('sequence', '  of: fields.order\n  within: 8d\n  where: { message: started }\n  then: { message: done }\n'),
      '6:11 within is "8d"; the longest is 7d',
    ],
    [
      'a sequence with a window',
      typed(
        'sequence',
        '  of: fields.order\n  window: 5m\n  within: 5m\n  where: { message: started }\n  then: { message: done }\n',
      ),
      '6:3 "window" is for frequency',
    ],
    [
      'an outlier that never is',
      typed('outlier', '  peers: task\n  window: 5m\n  of: { level: error }\n  above: 100%\n'),
      '8:10 above is 100%, and no share is above that',
    ],
    [
      'an unknown column of the part of an outlier',
      typed('outlier', '  peers: task\n  window: 5m\n  of: { statsu: 500 }\n'),
      '7:9 unknown column "statsu"; did you mean "status"?',
    ],
    [
      'a quantile that is none',
      typed('quantile', '  of: fields.ms\n  window: 5m\n  above: 800\n  quantile: p0\n'),
      '8:13 quantile is "p0", and none is there; write a quantile such as p95',
    ],
    [
      'a quantile in other words',
      typed('quantile', '  of: fields.ms\n  window: 5m\n  above: 800\n  quantile: 95th\n'),
      '8:13 quantile is "95th"; write a quantile such as p95 or "95%"',
    ],
    [
      'a quantile above all',
      typed('quantile', '  of: fields.ms\n  window: 5m\n  above: 800\n  quantile: 95\n'),
      '8:13 quantile is 95; write a percentage such as "95%", or a number from 0 to 1',
    ],
    [
      'a quantile above nothing',
      typed('quantile', '  of: fields.ms\n  window: 5m\n  above: 0\n'),
      '7:10 above is 0; it must be > 0',
    ],
    [
      'a quantile of another table',
      typed('quantile', '  of: duration_ms\n  window: 5m\n  above: 800\n'),
      '5:7 error and app lines have no column "duration_ms"',
    ],
    [
      'an expected key of other columns',
      typed('absence', '  window: 5m\n  expect: [{ task: x }]\n'),
      '6:12 the key has task; it must have what "by" has: service',
    ],
    [
      'itself, which it would have to fire with',
      `${good}  only_if_firing: [fatal-line]\n`,
      "5:20 a rule can't wait for itself",
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
      'a number of lines that are absent',
      typed('absence', '  window: 5m\n').replace('title: t', 'title: "{count}"'),
      '4:10 nothing fills {count} in the title: what is missing has no lines, and this rule is of type absence',
    ],
    [
      'a number that the type has not',
      good.replace('{service}', '{count} of {service}, {share}'),
      '4:10 nothing fills {share} in the title: only a type that measures a share has one, such as ratio, and this rule is of type match',
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
      '2:19 where.level is empty; it must be text or a number or true or false or a list or a map',
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
    [
      'a percentage without its sign',
      typed('burn-rate', '  of: { status: { gte: 500 } }\n  on: [access]\n  objective: 99.9\n'),
      '7:14 objective is 99.9; write a percentage such as "99.9%", or a number from 0 to 1',
    ],
    [
      'a bound with a unit',
      typed('quantile', '  of: duration_ms\n  on: [access]\n  above: 800ms\n  window: 5m\n'),
      '7:3 above is "800ms"; write the number alone, in the column\'s own unit: milliseconds for duration_ms',
    ],
    [
      'a text in place of a clause',
      typed(
        'sequence',
        '  of: fields.order\n  where: { message: { contains: started } }\n  then: finished\n  within: 1h\n',
      ),
      '7:3 then is "finished"; write columns and what they have to be, such as { message: { contains: finished } }',
    ],
    ['a broken number', `${good}  type: frequency\n  window: 1m\n  threshold: five\n`, 'it must be a whole number'],
    ['no list', 'name: x\n', '1:1 the file is a map; it must be a list'],
    ['an empty file', '# nothing\n', '1:1 the file is empty; it must be a list'],
    ['bad YAML', '- name: "x\n  where: 1\n', '3:1 Missing closing "quote'],
    ['a key twice', `${good}  title: again\n`, '5:3 Map keys must be unique'],
  ])('tells of %s', async (_name, text, expected) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it('looks into the other rules where the shape of one is wrong', async () => {
    const other = '- { name: b, where: { level: x }, severity: info, title: t, mute: [{ zone: Europe/Berln }] }';
    expect(await problemsOf(`${good}  cooldown: 8d\n  colour: red\n${other}\n`)).toEqual([
      expect.stringContaining('6:3 unknown key "colour"'),
      expect.stringContaining('unknown time zone "Europe/Berln"'),
    ]);
  });

  it('tells of a circle of rules that keep each other silent and have to fire with each other', async () => {
    const other = '- { name: b, where: { level: x }, severity: info, title: t, unless_firing: [fatal-line] }';
    expect(await problemsOf(`${good}  only_if_firing: [b]\n${other}\n`)).toEqual([
      "5:20 rules can't wait for each other: fatal-line → b → fatal-line; take one of them out",
      expect.stringContaining("rules can't wait for each other: b → fatal-line → b"),
    ]);
  });
});
