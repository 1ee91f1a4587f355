import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import fc from 'fast-check';
import type { work } from '../../../shared/compact/work.js';
import { happenings } from '../../helpers/compaction/happenings.js';
import { Simulation } from '../../helpers/compaction/simulation.js';
import { tempFolder } from '../../helpers/tempFolder.js';

/** A change to the protocol that breaks a promise: in a file of shared/compact, one text for another. */
interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Of happenings that show it soon; others do so as well. */
  readonly seed: number;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: texts of the source
const mutants: Readonly<Record<string, Mutant>> = {
  'files whose names do not follow from the manifest': {
    file: 'layout.ts',
    from: '${window}-${digits(manifest)}.parquet',
    to: '${window}-${Math.random()}-${digits(manifest)}.parquet',
    seed: 100,
  },
  'a boundary that moves before the last part of its window': {
    file: 'plan.ts',
    from: 'if (objects.length > 0)',
    to: 'if (objects.length > 0 && !control.taken[boundary])',
    seed: 100,
  },
  'indexes that are read at their newest': {
    file: 'run.ts',
    from: 'manifestOf(key) < number',
    to: 'true',
    seed: 100,
  },
  'a control object that anybody changes': {
    file: 'control.ts',
    from: 'toJsonBytes(control), held.etag)',
    to: "toJsonBytes(control), (await store.get(layout.control(type)))?.etag ?? '')",
    seed: 105,
  },
  'leftovers of a manifest that was given up': {
    file: 'step.ts',
    from: 'await removeOrphans(type, { first: number, last: number }, ports);',
    to: '',
    seed: 103,
  },
};
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: texts of the source

async function mutated({ file, from, to }: Mutant): Promise<typeof work> {
  const outfile = join(await tempFolder(), 'mutant.mjs');
  const folder = new URL('../../../shared/compact/', import.meta.url).pathname;
  const changed = (await readFile(join(folder, file), 'utf8')).split(from);
  // A mutant that the code has grown away from proves nothing.
  expect(changed).toHaveLength(2);
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'work.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    plugins: [
      {
        name: 'mutant',
        setup: ({ onLoad }) =>
          onLoad({ filter: /shared\/compact\// }, ({ path }) =>
            path === join(folder, file) ? { contents: changed.join(to), loader: 'ts' } : undefined,
          ),
      },
    ],
  });
  await writeFile(outfile, outputFiles[0]?.text ?? '');
  return ((await import(pathToFileURL(outfile).href)) as { work: typeof work }).work;
}

/** Without quiet days and replays, the others come closer together. */
const disturbed = ['landing', 'damage', 'pause', 'worker', 'calls', 'fault', 'deploy', 'deletion'] as const;

/** The tests of steps and views hold what only two workers in one and the same moment would show. */
describe('a protocol of compaction with', () => {
  it.each(Object.entries(mutants))('%s is caught', async (_, mutant) => {
    const work = await mutated(mutant);
    const property = fc.asyncProperty(happenings(disturbed), (all) => new Simulation(work).live(all));
    const { failed } = await fc.check(property, { seed: mutant.seed, numRuns: 2000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
