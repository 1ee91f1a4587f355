import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { rulesCommand } from '../../../local/commands/rules.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let dir: string;
let printed: string[];
beforeEach(async () => {
  // Whatever ran before in this process.
  process.exitCode = undefined;
  dir = await tempFolder();
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(stripVTControlCharacters(text)));
});
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

async function test(...args: string[]) {
  const program = new Command();
  rulesCommand(program);
  await program.parseAsync(['rules', 'test', dir, ...args], { from: 'user' });
  const { exitCode } = process;
  process.exitCode = undefined;
  return exitCode;
}

const rules = `
- name: fatal-line
  where: { level: fatal }
  severity: critical
  title: "{service} is down"
  tests:
    - name: tells at once
      given:
        - { at: 10s, service: pay, level: fatal, message: bye }
      expect:
        - { at: 10s, key: pay, count: 1 }
- { name: untested, where: { level: trace }, severity: info, title: t }
`;

const failing = rules
  .replace('key: pay, count: 1 }', 'key: pay, count: 2 }')
  .replace('bye }', 'bye }\n        - { at: 70s, service: web, message: "\\e[31m\\a" }');

describe('firesplit rules test', () => {
  it('runs the tests in the files, and names the rules that have none', async () => {
    await writeFile(join(dir, 'a.yml'), rules);
    expect(await test()).toBeUndefined();
    expect(printed.join('\n').trim().split('\n')).toEqual([
      'fatal-line',
      '    ✓ tells at once',
      '',
      '  without tests: untested',
      '  ✓ 1 test of 1 rule passed',
    ]);
  });

  it('shows what was expected and what was told, and exits with 1', async () => {
    await writeFile(join(dir, 'a.yml'), failing);
    expect(await test('--rule', 'fatal-line')).toBe(1);
    expect(printed.join('\n').trim().split('\n')).toEqual([
      'fatal-line',
      `    ✗ tells at once  ${join(dir, 'a.yml')}:7`,
      '      - { at: 10s, key: pay, count: 2 }',
      '      + { at: 10s, key: pay, count: 1, suppressed: 0, title: "pay is down" }',
      '        the lines, as the rules saw them:',
      '          10s error  service: pay, level: fatal, message: bye',
      // The escape sequence of the line does not reach the terminal.
      '          70s error  service: web, message: "\\u001b[31m\\u0007"',
      '',
      '  ✗ 1 of 1 test of 1 rule failed',
    ]);
  });

  it('shows which row a raw line became', async () => {
    const raw = `line: "Exception in thread \\"main\\" java.lang.Error: bye\\n\\tat shop.Main.main(Main.java:7)"`;
    await writeFile(join(dir, 'a.yml'), rules.replace('level: fatal, message: bye', raw));
    expect(await test('--rule', 'fatal-line')).toBe(1);
    expect(printed.join('\n')).toContain('          10s error  service: pay, message: bye, exception: java.lang.Error');
  });

  it('prints JSON for programs', async () => {
    await writeFile(join(dir, 'a.yml'), failing);
    expect(await test('--json')).toBe(1);
    expect(JSON.parse(printed[0] ?? '')).toEqual({
      tests: [
        {
          rule: 'fatal-line',
          name: 'tells at once',
          path: join(dir, 'a.yml'),
          line: 7,
          passed: false,
          findings: [
            { kind: 'missing', expected: { at: 10, kind: 'firing', key: 'pay', count: 2 } },
            { kind: 'unexpected', told: { at: 10, key: 'pay', count: 1, suppressed: 0, title: 'pay is down' } },
          ],
        },
      ],
      untested: ['untested'],
    });
  });

  it('goes by the formats and redaction of the configuration', async () => {
    const config = join(dir, 'firesplit.config');
    await writeFile(config, 'services:\n  till-*: { service: till }\n');
    await writeFile(
      join(dir, 'a.yml'),
      rules.replace(
        'service: pay, level: fatal, message: bye',
        `service: till-7, line: '{"level":"fatal","msg":"bye"}'`,
      ),
    );
    expect(await test()).toBe(1);
    await writeFile(join(dir, 'a.yml'), (await readFile(join(dir, 'a.yml'), 'utf8')).replace('key: pay', 'key: till'));
    expect(await test('--config', config)).toBeUndefined();
  });

  it('refuses files that are not right, as check does', async () => {
    await writeFile(join(dir, 'a.yml'), rules.replace('level:', 'levle:'));
    await expect(test()).rejects.toThrow(/1 problem in the rule files\n.*a\.yml:3:12 unknown column "levle"/);
  });

  it.each([
    [['--rule', 'fatal-lime'], 'there is no rule "fatal-lime"; did you mean "fatal-line"?'],
    [['--rule', 'x'], 'there is no rule "x"; the rules are fatal-line, untested'],
  ])('says what is wrong with %j', async (args, message) => {
    await writeFile(join(dir, 'a.yml'), rules);
    await expect(test(...args)).rejects.toThrow(message);
  });

  it('says when there is no such folder', async () => {
    dir = join(dir, 'none');
    await expect(test()).rejects.toThrow(`${dir} is not a folder; name the folder that holds the rule files`);
  });
});
