import type { BuildOptions } from 'esbuild';

/** What every bundle has in common. */
export const bundle: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  sourcemap: false,
  logLevel: 'warning',
};

/** A Lambda function: one ESM bundle exporting `handler`, with its packages; what is loaded on demand in chunks beside it. */
export function functionBundle(name: string): BuildOptions {
  return {
    ...bundle,
    splitting: true,
    // DuckDB's library is a file of its own, for the processor at hand.
    external: ['@duckdb/node-bindings-*'],
    chunkNames: `${name}/[name]-[hash]`,
    // Names are kept: a stack trace at three in the morning should say where.
    minifySyntax: true,
    minifyWhitespace: true,
    // The ES module build of the SDK is half the size of the CommonJS one that `main` names.
    mainFields: ['module', 'main'],
    // Some packages inside still call require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  };
}
