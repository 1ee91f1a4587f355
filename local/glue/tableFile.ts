import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { definitionIn } from '../../shared/athena/views.js';

/** A table of the catalog, as whoever made it described it. */
export interface CatalogTable {
  readonly input: { readonly [member: string]: unknown };
  /** Counts its changes. */
  readonly version: number;
}

/** The tables of the catalog in a data folder, by `database.name`: those that functions make. */
export type CatalogTables = Readonly<Record<string, CatalogTable>>;

export async function readTables(data: string): Promise<CatalogTables> {
  try {
    return JSON.parse(await readFile(fileIn(data), 'utf8')) as CatalogTables;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${fileIn(data)} can't be read (${error}): remove it, and compaction makes the views anew.`);
  }
}

/** Whoever reads meanwhile sees the tables as they were or as they are. */
export async function writeTables(data: string, tables: CatalogTables): Promise<void> {
  const file = fileIn(data);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(tables, undefined, 2));
  await rename(`${file}.new`, file);
}

/** How a view is defined; undefined when nobody has made it yet. */
export async function viewIn(data: string, name: string): Promise<string | undefined> {
  const found = Object.entries(await readTables(data)).find(([key]) => key.endsWith(`.${name}`));
  return definitionIn(String(found?.[1].input.ViewOriginalText ?? '')) || undefined;
}

function fileIn(data: string): string {
  return join(data, 'glue', 'tables.json');
}
