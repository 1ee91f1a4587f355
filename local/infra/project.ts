import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds serverless.yml, infra/ and dist/: the nearest one above this file, whether it runs from the
 * sources (local/infra/) or from the bundle (dist/local/).
 */
export function projectRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'serverless.yml'))) return folder;
    if (folder === dirname(folder)) {
      throw new Error(
        `No serverless.yml in ${start} or any folder above it: run firesplit from a complete checkout or package.`,
      );
    }
  }
}

/** A part of infra/: what lies there in the working folder, as a project of one's own has it, else what came with this one. */
export function infraPath(path: string): string {
  return existsSync(path) ? path : join(projectRoot(), path);
}

/** The version in package.json. */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}
