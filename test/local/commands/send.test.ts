import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { sendCommand } from '../../../local/commands/send.js';
import { tempFolder } from '../../helpers/tempFolder.js';

/** Port 9 discards: what is sent there in spite of an error would make another one. */
async function send(...files: string[]): Promise<void> {
  const program = new Command();
  sendCommand(program);
  await program.parseAsync(['send', '--endpoint', 'http://127.0.0.1:9', ...files], { from: 'user' });
}

describe('send', () => {
  it('names a folder among the files before anything is sent', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'web.log'), 'a line\n');
    await mkdir(join(folder, 'logs'));
    await expect(send(join(folder, 'web.log'), join(folder, 'logs'))).rejects.toThrow(
      `${join(folder, 'logs')} is a folder; name the log files in it, for example ${join(folder, 'logs', '*.log')}`,
    );
  });

  it('names a file that is not there before anything is sent', async () => {
    const folder = await tempFolder();
    await expect(send(join(folder, 'gone.log'))).rejects.toThrow(/ENOENT.*gone\.log/);
  });
});
