import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { readSources, sourcesFile } from '../local/doctor/project/sources.js';
import type { Config } from '../shared/config/config.js';
import { ConfigError, loadConfig } from '../shared/config/load.js';
import { unknownMetricRules } from '../shared/config/metricRules.js';
import { configuredParameters } from '../shared/deploy/configuredParameters.js';
import { loadRules, RuleFileError } from '../shared/rules/language/loadRules.js';
import type { Rule } from '../shared/rules/language/rule.js';
import { bundle, functionBundle } from './bundle.js';
import { lockedPackage } from './deploy/lockedPackage.js';

/**
 * `npm run build`: what is deployed and what runs on a laptop, from the same sources.
 *
 * - dist/functions/<name>.mjs: one ESM bundle for each Lambda, exporting `handler`, AWS clients included (smaller and
 *   quicker to load than the runtime's own). Clients that are loaded on demand are in dist/functions/<name>/.
 * - dist/local/*.mjs: the `firesplit` command; its packages stay in node_modules.
 * - dist/deploy/*.mjs: what `serverless package` and `serverless deploy` do beside CloudFormation.
 * - dist/deploy/stagesParameters.cjs: how serverless.yml reads infra/parameters.yml.
 * - dist/deploy/parameters.json: parameters in infra/parameters.yml that the configuration decides.
 * - dist/deploy/sources.json: what all of it was made of, for `firesplit doctor`.
 */
const sources = await readSources('.');
const stated = await loadStated();
if (stated) await buildAll(stated);

/** What stands in infra/. */
interface Stated {
  readonly config: Config;
  readonly rules: readonly Rule[];
}

async function buildAll(stated: Stated): Promise<void> {
  const functions = (await readdir('functions')).filter((file) => file.endsWith('.ts'));
  for (const folder of ['dist/functions', 'dist/deploy']) await rm(folder, { recursive: true, force: true });
  await Promise.all([
    ...functions.map((file) => buildFunction(basename(file, '.ts'), stated)),
    buildCommand(),
    buildPlugins(),
    buildParameters(),
  ]);
  await writeFile('dist/deploy/parameters.json', JSON.stringify(configuredParameters(stated.config)));
  await writeFile(sourcesFile, JSON.stringify(sources));
}

/** @returns undefined when there are mistakes. They are those of whoever builds: their places say enough, and a stack trace nothing. */
async function loadStated(): Promise<Stated | undefined> {
  try {
    const path = 'infra/firesplit.yml';
    const config = await loadConfig(path);
    const rules = await loadRules('infra/rules', config.alerts);
    const unknown = unknownMetricRules({ path, text: await readFile(path, 'utf8') }, rules);
    if (unknown.length > 0) throw new ConfigError(unknown);
    return { config, rules };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof RuleFileError)) throw error;
    console.error(`nothing was built: ${error.message}`);
    process.exitCode = 1;
    return undefined;
  }
}

async function buildFunction(name: string, { config, rules }: Stated): Promise<void> {
  await build({
    ...functionBundle(name),
    entryPoints: [`functions/${name}.ts`],
    outdir: 'dist/functions',
    define: { BUILT_RULES: JSON.stringify(rules), BUILT_CONFIG: JSON.stringify(config) },
  });
}

async function buildPlugins(): Promise<void> {
  const library = await lockedPackage('@duckdb/node-bindings-linux-arm64');
  await build({
    ...functionBundle('plugins'),
    entryPoints: [
      'parameters',
      'bucket',
      'protection',
      'testEvents',
      'routerConf',
      'lambdaLibrary',
      'deployerPolicy',
    ].map((name) => `tools/deploy/${name}Plugin.ts`),
    outdir: 'dist/deploy',
    define: { LAMBDA_LIBRARY: JSON.stringify(library) },
  });
}

/** The framework takes a function of CommonJS for a file that says something. */
async function buildParameters(): Promise<void> {
  await build({
    ...bundle,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    entryPoints: ['tools/deploy/stagesParameters.ts'],
    outdir: 'dist/deploy',
    footer: { js: 'module.exports = module.exports.default;' },
  });
}

async function buildCommand(): Promise<void> {
  await build({
    ...bundle,
    entryPoints: ['local/cli.ts', 'local/lambda/worker.ts'],
    outdir: 'dist/local',
    entryNames: '[name]',
    packages: 'external',
  });
  await chmod('dist/local/cli.mjs', 0o755);
}
