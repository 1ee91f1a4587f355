import { EventEmitter } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { StackEmitter, StackEvents } from '../../../local/events.js';
import { Infra } from '../../../local/infra/infra.js';
import { projectRoot } from '../../../local/infra/project.js';
import { LocalFunctions } from '../../../local/lambda/localFunctions.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let root: string;
let functions: LocalFunctions;
let invoked: StackEvents['invoked'][0][];

/** The project's own infra files, with a transform of the test's. */
beforeEach(async () => {
  root = await tempFolder();
  const infra = await Infra.load(projectRoot(), {
    region: 'us-east-1',
    id: '000000000000',
    stage: 'local',
    queueUrl: (name) => `http://127.0.0.1/${name}`,
  });
  const events: StackEmitter = new EventEmitter();
  invoked = [];
  events.on('invoked', (event) => invoked.push(event));
  functions = new LocalFunctions({ infra, root, region: 'us-east-1', logs: join(root, 'data/lambda'), events });
});

afterEach(() => functions.stop());

async function deploy(source: string): Promise<void> {
  await build({
    entryPoints: ['local/lambda/worker.ts'],
    outfile: join(root, 'dist/local/worker.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  await mkdir(join(root, 'dist/functions'), { recursive: true });
  await writeFile(join(root, 'dist/functions/transform.mjs'), source);
  functions.deploy('transform', {});
}

const echo = `export const handler = (event) => { console.log('echoes'); return event; };`;

describe('LocalFunctions', () => {
  it('invokes what was deployed last, and lets what runs come to its end', async () => {
    await deploy('export const handler = () => process.env.VERSION;');
    functions.deploy('transform', { VERSION: 'first' });
    const running = functions.invoker('transform')('{}', 1);
    functions.deploy('transform', { VERSION: 'second' });
    expect(await functions.invoker('transform')('{}', 1)).toEqual({ outcome: 'returned', payload: '"second"' });
    expect(await running).toEqual({ outcome: 'returned', payload: '"first"' });
  });

  it('tells of each invocation what it took, what is billed, and where its log is', async () => {
    await deploy(echo);
    expect(await functions.invoker('transform')('{"a":1}', 3)).toEqual({ outcome: 'returned', payload: '{"a":1}' });
    expect(invoked).toEqual([
      {
        function: 'transform',
        outcome: 'returned',
        records: 3,
        ms: expect.any(Number),
        billedMs: expect.any(Number),
        // As infra/functions.yml has it.
        memoryMb: 1769,
        requestBytes: 7,
        responseBytes: 7,
        log: expect.stringMatching(/^lambda\/transform\/.*\.log$/),
      },
    ]);
    const [{ billedMs, ms, log }] = invoked as [StackEvents['invoked'][0]];
    expect(billedMs).toBe(Math.round(billedMs));
    expect(billedMs).toBeGreaterThan(0);
    expect(billedMs).toBeLessThanOrEqual(Math.ceil(ms));
    await functions.stop();
    expect(await readFile(join(root, 'data', String(log)), 'utf8')).toContain('INFO\techoes\n');
  });

  it('bills nothing for a request that is refused', async () => {
    await deploy(echo);
    await functions.invoker('transform')(JSON.stringify('x'.repeat(6 * 1024 * 1024)), 1);
    expect(invoked).toEqual([
      expect.objectContaining({ outcome: 'threw', billedMs: 0, responseBytes: 0, log: undefined }),
    ]);
  });

  it('finds a function by its ARN, with or without a version', async () => {
    await deploy(`export const handler = (event, context) => context.invokedFunctionArn;`);
    const { payload } = (await functions.invoker('transform')('{}', 0)) as { readonly payload: string };
    const arn = JSON.parse(payload) as string;
    for (const each of [arn, `${arn}:$LATEST`]) {
      expect(await functions.invokerOf(each)('{}', 0)).toEqual({ outcome: 'returned', payload });
    }
    expect(await functions.invokerOf(`${arn}-other`)('{}', 0)).toEqual({
      outcome: 'not found',
      message: `Function not found: ${arn}-other`,
    });
  });

  it('names the remedy when the project is not built', () => {
    expect(() => functions.deploy('transform', {})).toThrow('transform.mjs is missing: run "npm run build" first.');
  });
});
