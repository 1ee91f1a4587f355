import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { rulesCommand } from '../../../local/commands/rules.js';

let dir: string;
let printed: string[];
beforeEach(async () => {
  // Whatever ran before in this process.
  process.exitCode = undefined;
  dir = await mkdtemp(join(tmpdir(), 'firesplit-rules-'));
  printed = [];
  for (const stream of ['log', 'error'] as const) {
    jest.spyOn(console, stream).mockImplementation((line: string) => void printed.push(stripVTControlCharacters(line)));
  }
});
afterEach(async () => {
  process.exitCode = undefined;
  await rm(dir, { recursive: true });
});

async function check(...args: string[]) {
  const program = new Command();
  rulesCommand(program);
  await program.parseAsync(['rules', 'check', ...args], { from: 'user' });
  const { exitCode } = process;
  process.exitCode = undefined;
  return exitCode;
}

const good = '- { name: a, where: { level: fatal }, severity: info, title: t }\n';

describe('firesplit rules check', () => {
  it('is content with good files', async () => {
    await writeFile(join(dir, 'a.yml'), good);
    expect(await check(dir)).toBeUndefined();
    expect(printed).toEqual(['✓ 1 rule in 1 file, no problems']);
  });

  it('points at what is wrong and exits with 1', async () => {
    await writeFile(join(dir, 'a.yml'), good.replace('level', 'levle'));
    expect(await check(dir)).toBe(1);
    expect(printed[0]).toContain(`${join(dir, 'a.yml')}:1:23 unknown column "levle"; did you mean "level"?`);
    expect(printed[1]).toBe(`✗ 1 problem in ${dir}`);
  });

  it('prints JSON for programs', async () => {
    await writeFile(join(dir, 'a.yml'), good);
    await writeFile(join(dir, 'b.yml'), 'x');
    expect(await check(dir, '--json')).toBe(1);
    expect(JSON.parse(printed[0] ?? '')).toEqual({
      rules: ['a'],
      problems: [{ path: join(dir, 'b.yml'), line: 1, column: 1, message: 'the file is "x"; it must be a list' }],
    });
  });

  it('says when there is no such folder', async () => {
    expect(await check(join(dir, 'none'))).toBe(1);
    expect(printed[0]).toContain('is not a folder');
  });
});
