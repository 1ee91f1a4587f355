import { open } from 'node:fs/promises';

/** Makes the creation or renaming of a file in a folder durable; does nothing where folders can't be opened (Windows). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
