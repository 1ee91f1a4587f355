import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The key that signs the links in messages, of this data folder alone: links of an earlier start go on working, and no other
 * page can know one.
 */
export async function linkKeyOf(data: string): Promise<string> {
  const path = join(data, 'link-key');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const key = randomBytes(32).toString('hex');
    await writeFile(path, key, { mode: 0o600 });
    return key;
  }
}
