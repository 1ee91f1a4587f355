import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { tempFolder } from '../helpers/tempFolder.js';
import { query, startUp, withData } from '../helpers/up.js';

type SendLines = (stream: string, service: string, lines: readonly string[]) => Promise<void>;

it('sends each line once, the long one in parts, though half of the records are refused at first', async () => {
  await withData(async (data) => {
    const up = await startUp(data, '--fault', 'throttle=0.5');
    const { firehose, stream } = up.ready;
    Object.assign(process.env, { AWS_ENDPOINT_URL_FIREHOSE: firehose, AWS_REGION: 'us-east-1', ...credentials });
    const sendLines = await example();
    const lines = Array.from({ length: 20_000 }, (_, n) => `INFO order ${n} ${'paid '.repeat(30)}`);
    await sendLines(stream, 'shop', [...lines, `${'x'.repeat(250_000)}rest`]);
    await up.stop();
    const counted =
      "SELECT count(*), count(DISTINCT message), min(task) <> '' FROM app WHERE service = 'shop' AND cluster = 'prod'";
    expect(await query(data, counted)).toEqual([[20_002, 20_002, true]]);
  });
});

const credentials = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };

/** The program on the page, as somebody would bundle it. */
async function example(): Promise<SendLines> {
  const [, contents = ''] = /```ts\n([\s\S]*?)```/.exec(await readFile('docs/ways/sdk.md', 'utf8')) ?? [];
  const file = join(await tempFolder(), 'sendLines.mjs');
  await build({
    stdin: { contents, loader: 'ts', resolveDir: process.cwd() },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return ((await import(pathToFileURL(file).href)) as { readonly sendLines: SendLines }).sendLines;
}
