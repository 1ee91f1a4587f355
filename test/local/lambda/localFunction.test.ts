import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { LocalFunction } from '../../../local/lambda/localFunction.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let folder: string;
let workerFile: string;
const functions: LocalFunction[] = [];

beforeAll(async () => {
  folder = await tempFolder();
  workerFile = join(folder, 'worker.mjs');
  await build({
    entryPoints: ['local/lambda/worker.ts'],
    outfile: workerFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

afterEach(async () => {
  await Promise.all(functions.splice(0).map((each) => each.stop()));
});

/** A function whose handler is this source. */
async function deploy(name: string, source: string, { timeout = 5000 } = {}): Promise<LocalFunction> {
  const module = join(folder, `${name}.mjs`);
  await writeFile(module, source);
  const local = new LocalFunction({
    config: {
      identity: { name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, memoryMB: 128 },
      module,
      handlerName: 'handler',
      timeout,
      environment: { OWN: 'template' },
      batchSize: 10,
    },
    environment: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' },
    region: 'eu-west-1',
    workerFile,
    logFile: join(folder, `${name}.log`),
  });
  functions.push(local);
  return local;
}

const value = (result: Awaited<ReturnType<LocalFunction['invoke']>>) =>
  result.outcome === 'returned' ? JSON.parse(result.payload) : result;

describe('LocalFunction', () => {
  it('gives the handler its event, context and own environment, and keeps what it prints', async () => {
    const local = await deploy(
      'whole',
      `export const handler = async (event, context) => {
        console.log('printed', event.x);
        return { event, name: context.functionName, memory: context.memoryLimitInMB, id: context.awsRequestId,
          remaining: context.getRemainingTimeInMillis(), own: process.env.OWN, sqs: process.env.AWS_ENDPOINT_URL_SQS,
          region: process.env.AWS_REGION, home: process.env.HOME ?? null };
      };`,
    );
    const answer = value(await local.invoke('{"x":1}'));
    expect(answer).toMatchObject({
      event: { x: 1 },
      name: 'whole',
      memory: '128',
      own: 'template',
      sqs: 'http://127.0.0.1:1',
      region: 'eu-west-1',
      home: null,
    });
    expect(answer.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.remaining).toBeGreaterThan(0);
    expect(answer.remaining).toBeLessThanOrEqual(5000);
    await local.stop();
    functions.length = 0;
    expect(await readFile(join(folder, 'whole.log'), 'utf8')).toContain('printed 1');
  });

  it('keeps one thread for its invocations, one after the other', async () => {
    const local = await deploy(
      'warm',
      `let calls = 0, running = 0;
      export const handler = async () => {
        const together = ++running;
        await new Promise(setImmediate);
        running--;
        return [++calls, together];
      };`,
    );
    const results = await Promise.all([local.invoke('{}'), local.invoke('{}'), local.invoke('{}')]);
    expect(results.map(value)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('tells a thrown error', async () => {
    const local = await deploy('throwing', `export const handler = () => { throw new TypeError('bad record'); };`);
    expect(await local.invoke('{}')).toEqual({ outcome: 'threw', errorType: 'TypeError', message: 'bad record' });
  });

  it('cuts a handler off at its timeout, even in an endless loop, and starts afresh', async () => {
    const source = `export const handler = (event) => { while (event.loop); return 'fine'; };`;
    const local = await deploy('looping', source, { timeout: 1000 });
    expect(await local.invoke('{"loop":true}')).toEqual({ outcome: 'timed out', afterMs: 1000 });
    expect(value(await local.invoke('{}'))).toBe('fine');
  });

  it('survives a handler that ends its process or throws behind its back', async () => {
    const local = await deploy(
      'crashing',
      `export const handler = (event) => {
        if (event.exit) process.exit(3);
        if (event.later) { setTimeout(() => { throw new Error('behind the back'); }); return new Promise(() => {}); }
        return 'fine';
      };`,
    );
    expect(await local.invoke('{"exit":true}')).toEqual({
      outcome: 'crashed',
      message: expect.stringContaining('exit code 3'),
    });
    expect(await local.invoke('{"later":true}')).toEqual({
      outcome: 'crashed',
      message: expect.stringContaining('behind the back'),
    });
    expect(value(await local.invoke('{}'))).toBe('fine');
  });

  it('tells a module that can not be loaded', async () => {
    const local = await deploy('broken', `import 'no-such-package'; export const handler = () => 1;`);
    expect(await local.invoke('{}')).toEqual({
      outcome: 'crashed',
      message: expect.stringContaining('no-such-package'),
    });
  });

  it('refuses events and answers over the payload limit', async () => {
    const local = await deploy('large', `export const handler = () => 'x'.repeat(7 * 1024 * 1024);`);
    expect(await local.invoke('{}')).toMatchObject({ outcome: 'threw', errorType: 'Function.ResponseSizeTooLarge' });
    expect(await local.invoke(JSON.stringify('x'.repeat(7 * 1024 * 1024)))).toMatchObject({
      outcome: 'threw',
      errorType: 'RequestTooLargeException',
    });
  });
});
