import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from '@jest/globals';
import { rowsOf, transformEvent, wireRequests } from '../helpers/firehose.js';
import { tempFolder } from '../helpers/tempFolder.js';

const run = promisify(execFile);
const bundle = new URL('../../dist/functions/transform.mjs', import.meta.url).href;

/** No rules, and so nobody to tell. */
let rulesFile: string;

beforeAll(async () => {
  rulesFile = join(await tempFolder(), 'rules.json');
  await writeFile(rulesFile, '[]');
});

/** Invokes the deployed bundle with nothing but a region, credentials and no rules in its environment. */
async function invoke(data: readonly (Buffer | string)[], environment: Record<string, string> = {}) {
  const script = `
    import { text } from 'node:stream/consumers';
    const { handler } = await import(${JSON.stringify(bundle)});
    const answer = await handler(JSON.parse(await text(process.stdin)), { awsRequestId: 'r', functionName: 'transform' });
    process.stderr.write(JSON.stringify(answer));`;
  const child = run(process.execPath, ['--input-type=module', '--eval', script], {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      RULES_FILE: rulesFile,
      ...environment,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  child.child.stdin?.end(JSON.stringify(transformEvent(data)));
  const { stdout, stderr } = await child;
  return { records: JSON.parse(stderr).records, stdout };
}

/** The access lines of the `edge` container. */
const access = wireRequests('plain')
  .flat()
  .filter((data) => data.includes('"container_name":"edge"'));

it('the bundle runs by itself and counts in EMF', async () => {
  const { records, stdout } = await invoke(access);
  expect(rowsOf(records).length).toBe(300);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    service: 'transform',
    AccessLines: 300,
  });
});

it('GZIP_LEVEL sets the level of the output', async () => {
  const size = async (level: string) =>
    Buffer.from((await invoke(access, { GZIP_LEVEL: level })).records[0].data, 'base64').length;
  expect(await size('9')).toBeLessThan(await size('1'));
});

it('says what GZIP_LEVEL must be', async () => {
  await expect(invoke([], { GZIP_LEVEL: '11' })).rejects.toThrow(
    /GZIP_LEVEL is "11"; set it to a whole number from 1 to 9/,
  );
});
