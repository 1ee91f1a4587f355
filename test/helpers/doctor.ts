import { stripVTControlCharacters } from 'node:util';
import { jest } from '@jest/globals';
import { Command } from 'commander';
import { doctorCommand } from '../../local/commands/doctor.js';

/** What `firesplit doctor` prints, without colours. Whoever calls it puts the exit code back. */
export async function runDoctor(...args: string[]): Promise<string> {
  let printed = '';
  const log = jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  });
  const program = new Command();
  doctorCommand(program);
  await program.parseAsync(['doctor', ...args], { from: 'user' }).finally(() => log.mockRestore());
  return printed;
}
