import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { loadConfig } from '../../shared/config/load.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import { functionBundle } from '../../tools/bundle.js';
import { tempFolder } from './tempFolder.js';

/** A change to the code that should never have been deployed: in a file of the project, one text for another. */
export interface Mistake {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const project = new URL('../..', import.meta.url).pathname;

/**
 * Builds the project with a mistake in its transform, in a folder of its own, as a checkout of that version would be.
 *
 * @returns its `firesplit` command
 * @throws when the code has grown away from the mistake
 */
export async function wrongVersion({ file, from, to }: Mistake): Promise<string> {
  const folder = await tempFolder();
  // The command looks for the project above the place where it really is, so it is copied; the rest may be somewhere else.
  await mkdir(join(folder, 'dist'));
  for (const part of ['local', 'functions']) {
    await cp(join(project, 'dist', part), join(folder, 'dist', part), { recursive: true });
  }
  for (const name of ['serverless.yml', 'package.json', 'infra', 'node_modules']) {
    await symlink(join(project, name), join(folder, name));
  }
  await rm(join(folder, 'dist/functions/transform'), { recursive: true });

  const path = join(project, file);
  const parts = (await readFile(path, 'utf8')).split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times ${from}`);
  const config = await loadConfig(join(project, 'infra/firesplit.yml'));
  const rules = await loadRules(join(project, 'infra/rules'), config.alerts);
  await build({
    ...functionBundle('transform'),
    entryPoints: [join(project, 'functions/transform.ts')],
    outdir: join(folder, 'dist/functions'),
    define: { BUILT_RULES: JSON.stringify(rules), BUILT_CONFIG: JSON.stringify(config) },
    plugins: [
      {
        name: 'mistake',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, (source) =>
            source.path === path ? { contents: parts.join(to), loader: 'ts' } : undefined,
          ),
      },
    ],
  });
  return join(folder, 'dist/local/cli.mjs');
}
