import { chmod, mkdir, readdir } from 'node:fs/promises';

/**
 * Makes the data folder, for its user alone. It holds lines before they are redacted: until it is closed this process
 * gives nobody else a right to what it writes.
 *
 * @returns a function that ends this.
 */
export async function openPrivateFolder(folder: string): Promise<() => void> {
  const before = process.umask(0o077);
  const restore = () => void process.umask(before);
  try {
    await mkdir(folder, { recursive: true });
    // A folder with things of others in it keeps its rights: only what is made in it has none for them.
    const names = await readdir(folder);
    if (names.length === 0 || names.includes(ownFolder)) await chmod(folder, 0o700);
  } catch (error) {
    restore();
    throw error;
  }
  return restore;
}

/** Tells a data folder from any other. */
const ownFolder = 'lambda';
