import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataFolderInUseError, lockDataFolder, startOfProcess } from '../../../local/stack/dataLock.js';
import { tempFolder } from '../../helpers/tempFolder.js';

describe('lockDataFolder', () => {
  it('lets one stack in, names its pid to the next, and is free afterwards', async () => {
    const folder = await tempFolder();
    const unlock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderInUseError);
    await expect(lockDataFolder(folder)).rejects.toThrow(`pid ${process.pid}`);
    await unlock();
    expect(await readdir(folder)).toEqual([]);
    await (await lockDataFolder(folder))();
  });

  it('lets exactly one of many in that come at once', async () => {
    const folder = await tempFolder();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataFolder(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('respects the lock of a living process and takes over that of a dead one', async () => {
    const folder = await tempFolder();
    await (await lockDataFolder(folder))();
    const owner = await ownerProcess(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(`pid ${owner.pid}`);
    const gone = once(owner, 'exit');
    owner.kill('SIGKILL');
    await gone;
    await (await lockDataFolder(folder))();
  });

  it('takes over when the pid belongs to another process by now', async () => {
    const folder = await tempFolder();
    const unlock = await lockDataFolder(folder);
    const lock = JSON.parse(await readFile(join(folder, 'lock'), 'utf8'));
    await unlock();
    await writeFile(join(folder, 'lock'), JSON.stringify({ ...lock, pid: process.ppid, started: 'long ago' }));
    await (await lockDataFolder(folder))();
  });
});

/** A process of its own whose lock is in the folder. */
async function ownerProcess(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log("up")']);
  await once(child.stdout, 'data');
  const unlock = await lockDataFolder(folder);
  const lock = JSON.parse(await readFile(join(folder, 'lock'), 'utf8'));
  await unlock();
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ ...lock, pid: child.pid, started: startOfProcess(child.pid ?? 0) }),
  );
  return child;
}
