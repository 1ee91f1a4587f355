/** What the local S3 can and can't do, as docs/local.md tells it: every operation of the SDK is asked. */
import { readFile, writeFile } from 'node:fs/promises';
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deployedBucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { type Finding, findingOf } from './probe.js';
import { prepare, s3Probes } from './s3Probes.js';

let s3: S3Endpoint;
const findings: Finding[] = [];

beforeAll(async () => {
  s3 = await openS3(await tempFolder());
  await prepare(s3.client);
});

afterAll(() => s3.close());

const isRefusal = (error: unknown) => error instanceof sdk.S3ServiceException && error.$metadata.httpStatusCode === 501;

it.each(s3Probes.map((probe) => [`${probe.operation}: ${probe.what}`, probe] as const))('%s', async (_, probe) => {
  findings.push(await findingOf(probe, s3.client, isRefusal));
});

/** Those that no probe is about: each is asked for with whatever it may need. */
const others = Object.keys(sdk)
  // `$Command` is what all of them are made from.
  .filter((name) => /^\w+Command$/.test(name))
  .map((name) => name.slice(0, -'Command'.length))
  .filter((operation) => !s3Probes.some((probe) => probe.operation === operation));

it.each(others)('%s is refused', async (operation) => {
  const run = () => send(`${operation}Command`);
  const finding = await findingOf({ operation, what: 'all of it', run }, s3.client, isRefusal);
  expect(finding.result).toBe('refused');
  findings.push(finding);
});

it('is what docs/compatibility.json says (npm run compatibility)', async () => {
  const path = new URL('../../docs/compatibility.json', import.meta.url);
  const recorded = JSON.parse(await readFile(path, 'utf8')) as { readonly s3: readonly Finding[] };
  if (process.env.RECORD_COMPATIBILITY) {
    await writeFile(path, `${JSON.stringify({ ...recorded, s3: findings }, undefined, 2)}\n`);
  } else expect(recorded.s3).toEqual(findings);
});

/** Sends a command of the SDK by its name. */
async function send(name: string): Promise<void> {
  const commands = sdk as unknown as {
    readonly [name: string]: new (input: object) => Parameters<sdk.S3Client['send']>[0];
  };
  const Command = commands[name];
  if (!Command) throw new Error(`the SDK has no ${name}`);
  await s3.client.send(new Command(anyInput));
}

const anyInput = {
  Bucket: deployedBucket,
  Key: 'source',
  Id: 'id',
  AnnotationName: 'a',
  RenameSource: 'source',
  RequestRoute: 'route',
  RequestToken: 'token',
  Policy: '{}',
  Tagging: { TagSet: [] },
  Expression: 'select 1',
  ExpressionType: 'SQL',
};
