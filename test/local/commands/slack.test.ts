import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { slackCommand } from '../../../local/commands/slack.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const rules = `
- { name: fatal-line, where: { level: fatal }, severity: critical, title: "{service} died" }
- name: declined
  where: { message: { regex: declined } }
  severity: warning
  title: "{service}: {message}"
  tests:
    - { name: nothing, given: [{ at: 0s, service: cart, message: hello }], expect: [] }
    - name: by columns
      given:
        - { at: 0s, service: pay, message: card declined }
        - { at: 30s, service: pay, message: too late }
      expect: [{ at: 10s }]
- name: raw
  where: { message: { contains: declined } }
  severity: info
  title: "{service}: {message}"
  tests:
    - { name: a line, given: [{ at: 0s, service: search, line: card declined }], expect: [{ at: 0s }] }
`;

let dir: string;
let printed: string[];
let told: string[];
beforeEach(async () => {
  dir = await tempFolder();
  await mkdir(join(dir, 'rules'));
  printed = [];
  told = [];
  await writeFile(join(dir, 'rules', 'a.yml'), rules);
  await writeFile(join(dir, 'firesplit.yml'), 'alerts: { routes: { critical: oncall } }\n');
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(stripVTControlCharacters(text)));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void told.push(stripVTControlCharacters(text)));
});

async function preview(...args: string[]): Promise<void> {
  const program = new Command();
  slackCommand(program);
  const files = ['--rules', join(dir, 'rules'), '--config', join(dir, 'firesplit.yml')];
  await program.parseAsync(['slack', 'preview', ...files, ...args], { from: 'user' });
}

describe('firesplit slack preview', () => {
  it('shows the message as Slack would', async () => {
    await preview('fatal-line');
    const [first = ''] = printed.join().split('\n');
    expect(first).toBe('┃ 🔴 checkout died');
    expect(printed.join()).toMatch(/┃ critical · service checkout\n/);
    expect(printed.join()).toContain("AND level = 'fatal'");
  });

  it('prints what would be posted', async () => {
    await preview('fatal-line', '--json');
    expect(JSON.parse(printed.join())).toMatchObject({
      text: '🔴 checkout died (critical, 1 line)',
      blocks: [{ type: 'header' }, { type: 'section' }, { type: 'section' }, { type: 'section' }, { type: 'context' }],
    });
  });

  it('writes it as a page', async () => {
    const file = join(dir, 'preview.html');
    await preview('fatal-line', '--open', file);
    expect(told).toEqual([`✓ ${file} written`]);
    const page = await readFile(file, 'utf8');
    expect(page).toContain('<h2>🔴 checkout died</h2>');
    expect(page).toContain('# oncall');
  });

  it.each([
    ['declined', 'pay: card declined'],
    ['raw', 'search: card declined'],
  ])('takes the line that the rule %s tells of in its own tests', async (name, title) => {
    await preview(name, '--json');
    expect(JSON.parse(printed.join()).text).toContain(title);
  });

  it('names the rule that was meant, or those that there are', async () => {
    await expect(preview('fatal-lin')).rejects.toThrow('there is no rule "fatal-lin"; did you mean "fatal-line"?');
    await expect(preview('x')).rejects.toThrow('the rules are fatal-line, declined, raw');
  });
});
