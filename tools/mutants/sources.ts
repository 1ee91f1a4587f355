import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

export interface Source {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files of some folders of a project, by path. */
export function readSources(project: string, folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        posix.join(folder, file.replaceAll(sep, '/')),
      ),
    )
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(project, path), 'utf8') }));
}
