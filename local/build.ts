import { chmod, readdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { loadConfig } from '../shared/config/load.js';
import { loadRules } from '../shared/rules/load.js';

/**
 * `npm run build`: what is deployed and what runs on a laptop, from the same sources.
 *
 * - dist/functions/<name>.mjs: one ESM bundle for each Lambda, exporting `handler`, AWS clients included (smaller and
 *   quicker to load than the runtime's own). Clients that are loaded on demand are in dist/functions/<name>/.
 * - dist/local/*.mjs: the `firesplit` command; its packages stay in node_modules.
 */
const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  sourcemap: false,
  logLevel: 'warning',
};

const rules = await loadRules('infra/rules');
const config = await loadConfig('infra/firesplit.yml');
const functions = (await readdir('functions')).filter((file) => file.endsWith('.ts'));

await rm('dist/functions', { recursive: true, force: true });
await Promise.all([...functions.map((file) => buildFunction(basename(file, '.ts'))), buildCommand()]);

async function buildFunction(name: string): Promise<void> {
  await build({
    ...common,
    entryPoints: [`functions/${name}.ts`],
    outdir: 'dist/functions',
    splitting: true,
    chunkNames: `${name}/[name]-[hash]`,
    // Names are kept: a stack trace at three in the morning should say where.
    minifySyntax: true,
    minifyWhitespace: true,
    // The ES module build of the SDK is half the size of the CommonJS one that `main` names.
    mainFields: ['module', 'main'],
    define: { BUILT_RULES: JSON.stringify(rules), BUILT_CONFIG: JSON.stringify(config) },
    // Some packages inside still call require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}

async function buildCommand(): Promise<void> {
  await build({
    ...common,
    entryPoints: ['local/cli.ts', 'local/lambda/worker.ts'],
    outdir: 'dist/local',
    entryNames: '[name]',
    packages: 'external',
  });
  await chmod('dist/local/cli.mjs', 0o755);
}
