import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { doctorCommand } from '../../local/commands/doctor.js';
import { tempFolder } from '../helpers/tempFolder.js';

let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...args: string[]): Promise<string> {
  const program = new Command();
  doctorCommand(program);
  await program.parseAsync(['doctor', ...args], { from: 'user' });
  return printed;
}

describe('firesplit doctor', () => {
  it('passes on this project, as it is built', async () => {
    const path = join(await tempFolder(), 'template.json');
    await writeFile(path, JSON.stringify({ Resources: {} }));
    const lines = (await run('--template', path)).split('\n');
    expect(lines).toContain('✓ configuration  infra/firesplit.yml has no problems');
    expect(lines).toContain('✓ build          dist/ is made of what lies here');
    expect(lines.filter((line) => line.startsWith('✗'))).toEqual([]);
    expect(lines.at(-2)).toMatch(/^✓ nothing has to be mended, .*\d+ passed$/);
    expect(process.exitCode).toBeUndefined();
  });
});
