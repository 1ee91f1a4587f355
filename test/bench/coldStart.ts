import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { functionBundle } from '../../tools/bundle.js';
import { median } from './measure.js';

/** What a new function environment has to load before it can answer. */
export interface ColdStartResult {
  readonly transform: Loaded;
  /** A middy handler that does nothing, with the Firehose client. */
  readonly empty: Loaded;
  /** Import time by that of the empty handler. */
  readonly ratio: number;
}

interface Loaded {
  /** Of the entry and the chunks it imports statically. */
  readonly bytes: number;
  /** Median of fresh processes. */
  readonly importMs: number;
}

export async function measureColdStart(processes: number): Promise<ColdStartResult> {
  const transform = 'dist/functions/transform.mjs';
  const empty = 'dist/bench/empty.mjs';
  await build({
    ...functionBundle('empty'),
    stdin: { contents: emptyHandler, resolveDir: process.cwd() },
    outdir: 'dist/bench',
    entryNames: 'empty',
  });
  const times: Record<string, number[]> = { [transform]: [], [empty]: [] };
  for (let run = 0; run < processes; run++) {
    for (const [file, samples] of Object.entries(times)) samples.push(await importTime(file));
  }
  const loaded = async (file: string): Promise<Loaded> => ({
    bytes: await loadedBytes(file),
    importMs: median(times[file] ?? []),
  });
  const result = { transform: await loaded(transform), empty: await loaded(empty) };
  return { ...result, ratio: result.transform.importMs / result.empty.importMs };
}

const emptyHandler = `
import middy from '@middy/core';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
const client = new FirehoseClient({});
export const handler = middy().handler(async () => client.send(new PutRecordBatchCommand({})));
`;

/** In a process of its own, because a module is loaded once. */
async function importTime(file: string): Promise<number> {
  const script = `
    const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(resolve(file)).href)});
    console.log(performance.now() - start);`;
  const env = { ...process.env, AWS_REGION: 'us-east-1', LOGS_BUCKET: 'bench', SIGNALS_QUEUE_URL: 'https://bench' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  return Number(stdout);
}

/** Follows the static imports; what is imported on demand is not loaded at the start. */
async function loadedBytes(entry: string): Promise<number> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: 'dist/bench/unwritten',
    splitting: true,
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { path, kind, external } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !external) seen.add(path);
    }
  }
  return [...seen].reduce((sum, file) => sum + (metafile.inputs[file]?.bytes ?? 0), 0);
}
