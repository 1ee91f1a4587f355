import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the creation or renaming of a file in a folder durable; does nothing where folders can't be opened (Windows). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Makes a folder and those above it that are missing, durably. */
export async function makeFolder(folder: string): Promise<void> {
  const created = await mkdir(folder, { recursive: true });
  // A new folder survives a power cut once the one above it is on disk.
  for (let made = folder; created !== undefined && made.length >= created.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}
