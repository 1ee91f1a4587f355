import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { alertCommand } from '../../../local/commands/alert.js';
import { rulesCommand } from '../../../local/commands/rules.js';
import { shortId } from '../../../shared/alerts/state/ids.js';
import { fingerprint } from '../../../shared/line/fingerprint.js';
import { type StoredLine, writeCompacted, writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let dir: string;
let data: string;
let printed: string[];
beforeEach(async () => {
  process.exitCode = undefined;
  [dir, data] = [await tempFolder(), await tempFolder()];
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(stripVTControlCharacters(text)));
});
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

async function run(...args: string[]): Promise<string> {
  const program = new Command();
  rulesCommand(program);
  alertCommand(program);
  printed = [];
  await program.parseAsync(args, { from: 'user' });
  return printed.join('\n');
}

const period = ['--from', '2026-11-22T12:00', '--to', '2026-11-22T20:00'];
const makeTest = (...args: string[]) =>
  run(
    'alert',
    'make-test',
    ...args,
    '--rules',
    dir,
    ...(args.includes('--data') ? [] : ['--data', data]),
    ...(args.includes('--from') ? [] : period),
  );

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

function line(time: string, columns: StoredLine['columns'], type: StoredLine['type'] = 'error'): StoredLine {
  return { type, ts: at(time), columns: { service: 'pay', source: 'stdout', ...columns } };
}

const times = (count: number, from: string, apart: number, columns: StoredLine['columns'], type?: StoredLine['type']) =>
  Array.from({ length: count }, (_, index) => {
    const first = line(from, columns, type);
    return { ...first, ts: first.ts + index * apart };
  });

const settings = 'severity: warning\n  title: "{service} is ill"';

/** The rule file with the test pasted in, run as `rules test` does. */
async function paste(rules: string, test: string): Promise<string> {
  await writeFile(join(dir, 'a.yml'), `${rules.trimEnd()}\n  tests:\n${test}\n`);
  const output = await run('rules', 'test', dir);
  expect({ output, exitCode: process.exitCode }).toMatchObject({ exitCode: undefined });
  return output;
}

describe('firesplit alert make-test', () => {
  it('makes a test of raw lines where rows have all of them', async () => {
    const rules = `- name: fatal\n  where: { level: fatal }\n  ${settings}\n`;
    await writeFile(join(dir, 'a.yml'), rules);
    await writeStored(data, [
      line('16:00:05', {
        level: 'fatal',
        message: 'FATAL: the end',
        fingerprint: fingerprint({ message: 'FATAL: the end' }),
      }),
      line('16:00:07.5', { level: 'fatal', message: 'the end, from JSON', fields: '{"password":"[redacted]"}' }),
      line('16:00:08', { level: 'error', message: 'something else' }),
      line('16:00:09', { service: 'cart', level: 'fatal', message: 'FATAL: another' }),
    ]);
    const id = shortId({ rule: 'fatal', key: 'pay' });
    const test = await makeTest(id);
    expect(test).toBe(
      [
        `    # ${id}, told 2026-11-22T16:00:20Z: 2 lines, as stored.`,
        '    - name: as on 2026-11-22 16:00 UTC',
        '      given:',
        '        - { at: 5s, service: pay, line: "FATAL: the end" }',
        '        - { at: 7s, service: pay, level: fatal, message: "the end, from JSON" }',
        '      expect:',
        '        - { at: 5s, key: pay, count: 1, title: pay is ill }',
      ].join('\n'),
    );
    await paste(rules, test);
  });

  const access = (status: number, more = {}) => ({ method: 'GET', path: '/', status, ...more });
  const cases: [type: string, rule: string, lines: StoredLine[], key?: string][] = [
    ['frequency', 'type: frequency\n  threshold: 20\n  window: 1m', times(30, '16:00:00', 1500, { message: 'x' })],
    [
      'ratio',
      'type: ratio\n  on: [access]\n  window: 5m\n  min_total: 50\n  of: { status: { gte: 500 } }\n  above: 10%',
      [...times(600, '16:00:00', 1000, access(200), 'access'), ...times(60, '16:06:00.5', 1000, access(502), 'access')],
    ],
    [
      'spike',
      'type: spike\n  window: 10m\n  factor: 3\n  min_count: 50',
      [...times(20, '15:50:00', 30_000, { message: 'x' }), ...times(90, '16:00:00', 2000, { message: 'x' })],
    ],
    ['absence', 'type: absence\n  window: 15m\n  min_count: 5', times(200, '15:50:00', 10_000, { message: 'x' })],
    [
      'drop',
      'type: drop\n  window: 5m\n  below: 20%\n  min_previous: 50',
      times(700, '15:00:00', 5000, { message: 'x' }, 'app'),
    ],
    [
      'new',
      'type: new\n  learn: 1h\n  by: [service, message]',
      [line('15:00:00', { message: 'known' }), line('16:30:00', { message: 'brand new' })],
      'pay|brand new',
    ],
    [
      'cardinality',
      'type: cardinality\n  of: task\n  above: 30\n  window: 5m',
      Array.from({ length: 40 }, (_, index) => line(`16:00:${index + 10}`, { message: 'x', task: `t${index}` })),
    ],
    [
      'change',
      'type: change\n  of: fields.version',
      [
        line('15:00:00', { message: 'a', fields: '{"version":"1"}' }),
        line('16:00:00', { message: 'b', fields: '{"version":"2"}' }),
      ],
    ],
    [
      'quantile',
      'type: quantile\n  on: [access]\n  of: duration_ms\n  quantile: p95\n  above: 800\n  window: 5m\n  min_count: 100',
      Array.from({ length: 3000 }, (_, index) => ({
        ...line('16:00:00', access(200, { duration_ms: index / (index < 1500 ? 3 : 1) }), 'access'),
        ts: at('16:00:00') + index * 100,
      })),
    ],
    [
      'outlier',
      'type: outlier\n  on: [access]\n  peers: task\n  of: { status: { gte: 500 } }\n  above: 25%\n  factor: 3\n  min_total: 20\n  window: 5m',
      ['a', 'b', 'c', 'd'].flatMap((task) =>
        times(100, '16:00:00', 1000, { task, ...access(task === 'd' ? 500 : 200) }, 'access'),
      ),
    ],
    [
      'mute',
      'where: { level: error }\n  mute: [{ from: "16:00", to: "17:00" }]',
      [line('16:30:00', { level: 'error', message: 'x' }), line('17:30:00', { level: 'error', message: 'y' })],
    ],
  ];

  it.each(cases)('makes one of a rule with %s that passes at once', async (_, rule, lines, key = 'pay') => {
    const rules = `- name: tried\n  ${rule}\n  ${settings}\n`;
    await writeFile(join(dir, 'a.yml'), rules);
    await writeStored(data, lines);
    const test = await makeTest(shortId({ rule: 'tried', key }));
    expect(await makeTest('tried', key)).toBe(test.replace(/# tried\/\w+/, `# tried ${key}`));
    expect(test.split('\n').length).toBeLessThan(260);
    expect(test).toContain(`key: ${key}`);
    expect(await paste(rules, test)).toContain('1 test of 1 rule passed');
  });

  it('has the lines of rules that have to fire with it', async () => {
    const rules = `- name: slow\n  where: { message: slow }\n  mode: shadow\n  ${settings}
- name: hang\n  where: { message: hang }\n  only_if_firing: [slow]\n  ${settings}\n`;
    await writeFile(join(dir, 'a.yml'), rules);
    await writeStored(data, [
      line('16:00:00', { message: 'slow' }),
      line('16:01:00', { message: 'hang' }),
      line('16:01:00', { service: 'cart', message: 'slow' }),
    ]);
    const test = await makeTest('hang', 'pay');
    expect(test).not.toContain('cart');
    await paste(rules, test);
  });

  it('reads Parquet as well', async () => {
    const rules = `- name: fatal\n  where: { level: fatal }\n  ${settings}\n`;
    await writeFile(join(dir, 'a.yml'), rules);
    await writeCompacted(data, { now: at('23:59:00') }, [line('16:00:05', { level: 'fatal', message: 'FATAL: end' })]);
    await paste(rules, await makeTest('fatal', 'pay'));
  });

  it('says how many lines there was no room for', async () => {
    const rules = `- name: many\n  type: cardinality\n  of: fields.id\n  above: 20\n  window: 10m\n  ${settings}\n`;
    await writeFile(join(dir, 'a.yml'), rules);
    // So many in one invocation.
    const known = Array.from({ length: 300 }, (_, index) =>
      line(`16:00:0${index % 10}`, { message: 'x', fields: `{"id":${index}}` }),
    );
    await writeStored(data, known);
    const test = await makeTest('many', 'pay');
    expect(test).toContain(': 250 lines, as stored; 50 lines of before left out.');
    await paste(rules, test);

    await writeFile(join(dir, 'a.yml'), rules.replace('20', '290'));
    await expect(makeTest('many', 'pay')).rejects.toThrow(
      /^people were told at 2026-11-22T16:00:20Z, but would not be by the 250 lines alone .* without 50 lines of before/,
    );
  });

  it('writes it behind the tests of its rule, and leaves all else as it is', async () => {
    const rules = `# Ours.
- name: fatal # the worst
  where: { level: fatal }
  severity: critical
  title: "{service}   is ill"
  tests:
    - name: nothing
      given: [{ at: 0s, level: info, service: a }]
      expect: []   # quiet

# The other.
- name: other
  where: { level: warn }
  severity: info
  title: t
`;
    await writeFile(join(dir, 'a.yml'), rules);
    await writeStored(data, [
      line('16:00:05', { level: 'fatal', message: 'FATAL: end' }),
      line('16:00:06', { level: 'warn', message: 'WARN: end' }),
    ]);
    expect(await makeTest('fatal', 'pay', '--write')).toContain('fatal has a test "as on 2026-11-22 16:00 UTC" in');
    await makeTest('other', 'pay', '--write');
    const written = await readFile(join(dir, 'a.yml'), 'utf8');
    const added = written.split('\n').filter((each) => !rules.split('\n').includes(each));
    expect(added).toHaveLength(7 + 7 - 2);
    let left = written.split('\n');
    for (const each of added) left = left.toSpliced(left.indexOf(each), 1);
    expect(rules.split('\n').every((each) => left.includes(each))).toBe(true);
    expect(written.indexOf('# quiet')).toBeLessThan(written.indexOf('FATAL'));
    expect(written.indexOf('FATAL')).toBeLessThan(written.indexOf('# The other.'));
    const output = await run('rules', 'test', dir);
    expect(output).toContain('3 tests of 2 rules passed');
  });

  it.each([
    [['fatal'], /^name the alert as its message does at its end, such as fatal\/81fbdefb, or by rule and key/],
    [['fatla/01234567'], /^there is no rule "fatla"; did you mean "fatal"\?/],
    [['firesplit:no-lines/01234567'], /is a message of the pipeline about itself/],
    [
      ['fatal/01234567'],
      new RegExp(`the stored lines lead to no alert fatal/01234567, but to ${shortId({ rule: 'fatal', key: 'pay' })};`),
    ],
    [['quiet', 'pay'], /none of the 1 line makes quiet tell anybody; the rule may be another one since/],
    [['fatal', 'pay', '--from', '2026-10-01', '--to', '2026-10-02'], /no line is stored that fatal looks at/],
    [['fatal', 'pay', '--data', '/nowhere'], /^there are no stored logs in \/nowhere/],
  ])('says what is wrong with %j', async (args, message) => {
    const rules = `- name: fatal\n  where: { level: fatal }\n  ${settings}\n- name: quiet\n  where: { level: trace }\n  ${settings}\n`;
    await writeFile(join(dir, 'a.yml'), rules);
    await writeStored(data, [line('16:00:05', { level: 'fatal', message: 'FATAL: end' })]);
    await expect(makeTest(...args)).rejects.toThrow(message);
  });
});
