import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AcceptedRecord } from './endpoint.js';
import type { Written } from './tally.js';

/** What containers wrote in a run, and what the endpoint accepted of it. */
export interface Recording {
  readonly written: readonly Written[];
  readonly accepted: readonly AcceptedRecord[];
}

/** As gzip: a line of JSON for what was written, then one for each record. */
export async function writeRecording(file: string, { written, accepted }: Recording): Promise<void> {
  const records = accepted.map(({ data, arrival }) => ({ arrival, data: data.toString('base64') }));
  await writeFile(file, gzipSync([{ written }, ...records].map((line) => `${JSON.stringify(line)}\n`).join('')));
}

export async function readRecording(file: string | URL): Promise<Recording> {
  const [head = '', ...records] = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  const { written } = JSON.parse(head) as Pick<Recording, 'written'>;
  return {
    written,
    accepted: records.map((line) => {
      const { arrival, data } = JSON.parse(line) as { readonly arrival: number; readonly data: string };
      return { arrival, data: Buffer.from(data, 'base64') };
    }),
  };
}
