import { existsSync } from 'node:fs';
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
      throw new Error(`No serverless.yml in ${start} or any folder above it: run firesplit from a complete checkout.`);
    }
  }
}
