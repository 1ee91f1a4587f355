import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { slackCommand } from '../../../local/commands/slack.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let dir: string;
let printed: string[];
let told: string[];
beforeEach(async () => {
  dir = await tempFolder();
  printed = [];
  told = [];
  await writeFile(
    join(dir, 'a.yml'),
    '- { name: fatal-line, where: { level: fatal }, severity: critical, title: "{service} died" }\n',
  );
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(stripVTControlCharacters(text)));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void told.push(stripVTControlCharacters(text)));
});

async function preview(...args: string[]): Promise<void> {
  const program = new Command();
  slackCommand(program);
  await program.parseAsync(['slack', 'preview', '--rules', dir, ...args], { from: 'user' });
}

describe('firesplit slack preview', () => {
  it('shows the message as Slack would', async () => {
    await preview('fatal-line');
    const [first = ''] = printed.join().split('\n');
    expect(first).toBe('┃ 🔴 checkout died');
    expect(printed.join()).toMatch(/Severity .*Service\n┃ critical .*checkout\n/);
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
    expect(await readFile(file, 'utf8')).toContain('<h2>🔴 checkout died</h2>');
  });

  it('names the rule that was meant, or those that there are', async () => {
    await expect(preview('fatal-lin')).rejects.toThrow(
      `there is no rule "fatal-lin" in ${dir}. Did you mean "fatal-line"?`,
    );
    await expect(preview('x')).rejects.toThrow('The rules are fatal-line.');
  });
});
