import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ready } from './stack.js';

/**
 * Leaves the addresses of a stack in its data folder, for the commands that look for it there.
 *
 * @returns what takes them away.
 */
export async function leaveReady(data: string, ready: Ready): Promise<() => Promise<void>> {
  const path = pathIn(data);
  await writeFile(path, JSON.stringify(ready));
  return () => rm(path, { force: true });
}

/**
 * The addresses of the stack that works on a data folder; one that was killed has left its own.
 *
 * @returns undefined when none works there.
 */
export async function findReady(data: string): Promise<Ready | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(data), 'utf8')) as Ready;
  } catch {
    return undefined;
  }
}

function pathIn(data: string): string {
  return join(data, 'ready.json');
}
