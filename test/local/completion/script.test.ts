import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { commandWords, completionScript } from '../../../local/completion/script.js';

const program = new Command('firesplit');
program
  .command('send')
  .description("send a file's lines")
  .option('-f, --follow', 'go on: until Ctrl-C')
  .option('--json', 'JSON');
program.command('rules').description('rules').command('list').description('list them').option('--aws', 'of AWS');
const words = commandWords(program);

/** What bash offers behind these words; the last one is being typed. */
async function offered(...typed: string[]): Promise<string[]> {
  const script = `${completionScript('bash', words)}
COMP_WORDS=(firesplit ${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length}; _firesplit; echo "\${COMPREPLY[@]}"`;
  return (await promisify(execFile)('bash', ['-c', script])).stdout.trim().split(' ');
}

describe('completionScript', () => {
  it.each([
    [[''], ['send', 'rules', '--help']],
    [['s'], ['send']],
    [
      ['send', '--'],
      ['--follow', '--json', '--help'],
    ],
    [['send', 'web.log', '--j'], ['--json']],
    [
      ['rules', ''],
      ['list', '--help'],
    ],
    [['rules', 'list', '--a'], ['--aws']],
  ])('for bash offers behind %j %j', async (typed, expected) => {
    expect(await offered(...typed)).toEqual(expected);
  });

  it('for zsh describes each word, colons and quotes escaped', () => {
    const script = completionScript('zsh', words);
    expect(script).toContain(`'--follow:go on\\: until Ctrl-C'`);
    expect(script).toContain(`'send:send a file'\\''s lines'`);
  });

  it('for fish has a line for each word, under its command', () => {
    const lines = completionScript('fish', words).split('\n');
    expect(lines).toContain(`complete -c firesplit -n '__fish_use_subcommand' -f -a send -d 'send a file\\'s lines'`);
    expect(lines).toContain(
      `complete -c firesplit -n '__fish_seen_subcommand_from rules; and __fish_seen_subcommand_from list' -l aws -d 'of AWS'`,
    );
  });
});
