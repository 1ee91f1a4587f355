import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another `up` works on the data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by the firesplit with pid ${pid}: stop that one, or choose another folder with --data.`,
    );
  }
}

interface Owner {
  readonly pid: number;
  /** When that process started, as the system tells it: a pid alone may have been given to another process since. */
  readonly started: string;
  /** Tells two stacks in one process apart. */
  readonly token: string;
}

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/**
 * Claims a data folder for this process; a lock whose owner is dead is taken over.
 *
 * @returns a function that gives the folder back.
 * @throws DataFolderInUseError naming the owner's pid.
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const own: Owner = { pid: process.pid, started: startOfProcess(process.pid) ?? '', token: randomUUID() };
  const draft = join(folder, `lock.${own.token}`);
  // Linked into place, so that nobody ever sees half a lock.
  try {
    await writeFile(draft, JSON.stringify(own));
    while (!(await claim(draft, path))) await removeStale(path, folder);
  } finally {
    await rm(draft, { force: true });
  }
  held.add(own.token);
  return async () => {
    held.delete(own.token);
    await unlink(path);
  };
}

async function claim(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(path: string, folder: string): Promise<void> {
  const owner = await readOwner(path);
  if (owner === undefined) return;
  if (isAlive(owner)) throw new DataFolderInUseError(folder, owner.pid);
  const aside = join(folder, `lock.stale.${owner.token}`);
  // Only one of several that find the stale lock can move it.
  await rename(path, aside).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

/** Undefined when the lock went away meanwhile. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The lock ${path} can't be read: remove it if no firesplit runs on this folder.`);
  }
}

function isAlive({ pid, started, token }: Owner): boolean {
  if (pid === process.pid) return held.has(token);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, but somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOfProcess(pid);
  return now === undefined || now === started;
}

/** When a process started, in whatever form the system has; undefined when it can't tell. */
export function startOfProcess(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

function startOnLinux(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): behind the name in brackets, which may hold anything, come the state and, as field 22, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Killed, but its parent has not looked at it yet.
    if (fields[0] === 'Z') return 'dead';
    return `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim();
  } catch {
    return undefined;
  }
}
