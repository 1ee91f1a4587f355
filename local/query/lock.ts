import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * DuckDB reads and writes any file, loads extensions from the network and keeps secrets. A query over logs needs none
 * of it: https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
 */
export const lockedOptions: Readonly<Record<string, string>> = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
  // What does not fit into memory while a query runs; DuckDB clears it.
  temp_directory: join(tmpdir(), `firesplit-query-${process.pid}`),
};

/**
 * What to run once everything is set up: from then on only files in these folders can be opened, and no setting changed.
 * COPY can still write there, so statements that aren't questions have to be refused besides.
 */
export function lockTo(folders: readonly string[]): string {
  const list = folders.map((folder) => `'${folder.replaceAll("'", "''")}'`).join(', ');
  return `SET allowed_directories = [${list}]; SET enable_external_access = false; SET lock_configuration = true`;
}
