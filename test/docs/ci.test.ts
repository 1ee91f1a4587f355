import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { Command } from 'commander';
import { parse } from 'yaml';
import { configCommand } from '../../local/commands/config.js';
import { rulesCommand } from '../../local/commands/rules.js';

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const program = new Command('firesplit');
configCommand(program);
rulesCommand(program);

it('the example workflow asks for commands and options that there are', async () => {
  const { jobs }: Workflow = parse(await readFile('docs/ci/github-actions.yml', 'utf8'));
  const page = await readFile('docs/ci.md', 'utf8');
  const scripts = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
  const asked = [page, ...scripts].flatMap((text) => text.match(/npx firesplit .*/g) ?? []);
  expect(asked.length).toBeGreaterThanOrEqual(9);
  for (const line of asked) {
    const [, , group, name, ...words] = line.split(/\s+/);
    const command = program.commands
      .find((each) => each.name() === group)
      ?.commands.find((each) => each.name() === name);
    expect([line, command?.name()]).toEqual([line, name]);
    const options = command?.options.map(({ long }) => long);
    expect(options).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
  }
});
