import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { FunctionConfig } from '../../../local/lambda/functionConfig.js';
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

interface Deployed {
  /** How an invocation ended. */
  result(event?: unknown): Promise<unknown>;
  /** What the handler answered. */
  value(event?: unknown): Promise<unknown>;
  /** What every environment printed, once all have ended. */
  logs(): Promise<string[]>;
  readonly local: LocalFunction;
}

/** A function whose module is this source. */
async function deploy(name: string, source: string, changes: Partial<FunctionConfig> = {}): Promise<Deployed> {
  const module = join(folder, `${name}.mjs`);
  await writeFile(module, source);
  const logs = join(folder, 'logs', name);
  const local = new LocalFunction({
    config: {
      identity: { name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, memoryMB: 128 },
      module,
      handlerName: 'handler',
      timeout: 5000,
      environment: { OWN: 'template' },
      concurrency: 1,
      ...changes,
    },
    environment: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' },
    region: 'eu-west-1',
    workerFile,
    logs,
  });
  functions.push(local);
  return {
    local,
    result: async (event = {}) => (await local.invoke(JSON.stringify(event))).result,
    async value(event = {}) {
      const { result } = await local.invoke(JSON.stringify(event));
      return result.outcome === 'returned' ? JSON.parse(result.payload) : result;
    },
    async logs() {
      await local.stop();
      const files = await readdir(logs, { recursive: true, withFileTypes: true });
      return Promise.all(
        files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
      );
    },
  };
}

describe('LocalFunction', () => {
  it('gives the handler its event, context and own environment', async () => {
    const { value } = await deploy(
      'whole',
      `export const handler = async (event, context) => ({
          event, ...context, remaining: context.getRemainingTimeInMillis(),
          own: process.env.OWN, sqs: process.env.AWS_ENDPOINT_URL_SQS, region: process.env.AWS_REGION,
          stream: process.env.AWS_LAMBDA_LOG_STREAM_NAME, home: process.env.HOME ?? null });`,
    );
    const answer = (await value({ x: 1 })) as { readonly [name: string]: unknown };
    expect(answer).toMatchObject({
      event: { x: 1 },
      functionName: 'whole',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:whole',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/whole',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      own: 'template',
      sqs: 'http://127.0.0.1:1',
      region: 'eu-west-1',
      home: null,
    });
    expect(answer.stream).toBe(answer.logStreamName);
    expect(answer.remaining).toBeGreaterThan(0);
    expect(answer.remaining).toBeLessThanOrEqual(5000);
  });

  it('takes the answer of a handler with a callback', async () => {
    const { value, result } = await deploy(
      'callback',
      `export const handler = (event, context, callback) => {
        setImmediate(() => event.bad ? callback(new RangeError('bad')) : callback(null, 'called'));
      };`,
    );
    expect(await value()).toBe('called');
    expect(await result({ bad: true })).toEqual({ outcome: 'threw', errorType: 'RangeError', message: 'bad' });
  });

  it('tells a thrown error, and keeps the environment', async () => {
    const { result, value } = await deploy(
      'throwing',
      `let calls = 0;
      export const handler = () => { if (++calls === 1) throw new TypeError('bad record'); return calls; };`,
    );
    expect(await result()).toEqual({ outcome: 'threw', errorType: 'TypeError', message: 'bad record' });
    expect(await value()).toBe(2);
  });

  it('refuses events and answers over the payload limit', async () => {
    const { local, result, value, logs } = await deploy(
      'large',
      `export const handler = (event) => 'x'.repeat(event.bytes ?? 0);`,
    );
    expect(await result({ bytes: 6 * 1024 * 1024 + 99 })).toEqual({
      outcome: 'threw',
      errorType: 'Function.ResponseSizeTooLarge',
      message: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    expect(await value({ bytes: 6 * 1024 * 1024 })).toHaveLength(6 * 1024 * 1024);
    expect(await local.invoke(JSON.stringify('x'.repeat(6 * 1024 * 1024)))).toEqual({
      result: {
        outcome: 'threw',
        errorType: 'RequestTooLargeException',
        message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
      },
      usage: undefined,
      log: undefined,
    });
    expect((await logs()).join('').match(/^START/gm)).toHaveLength(2);
  });
});

describe('the environments of a LocalFunction', () => {
  // Counts the invocations of its environment; waits until as many run together as the event asks for.
  const counting = `import { threadId } from 'node:worker_threads';
    let calls = 0;
    export const handler = async (event) => {
      const started = Date.now();
      await new Promise((resolve) => setTimeout(resolve, event.ms ?? 0));
      return { thread: threadId, call: ++calls, started, ended: Date.now() };
    };`;

  interface Call {
    readonly thread: number;
    readonly call: number;
    readonly started: number;
    readonly ended: number;
  }

  it('uses one again for invocations one after the other', async () => {
    const { value } = await deploy('warm', counting, { concurrency: 5 });
    const calls = [await value(), await value(), await value()] as Call[];
    expect(calls.map(({ call }) => call)).toEqual([1, 2, 3]);
    expect(new Set(calls.map(({ thread }) => thread)).size).toBe(1);
  });

  it('starts one for each invocation at the same time, up to the concurrency, and lets the others wait', async () => {
    const { value } = await deploy('crowd', counting, { concurrency: 2 });
    const calls = (await Promise.all([1, 2, 3, 4, 5].map(() => value({ ms: 30 })))) as Call[];
    expect(new Set(calls.map(({ thread }) => thread)).size).toBe(2);
    const together = calls.map(
      ({ started }) => calls.filter((other) => other.started <= started && started < other.ended).length,
    );
    expect(Math.max(...together)).toBeLessThanOrEqual(2);
  });

  it('gives the place of a crashed one to those that wait', async () => {
    const { result, value } = await deploy(
      'places',
      `export const handler = (event) => { if (event.exit) process.exit(1); return 'fine'; };`,
    );
    const all = await Promise.all([result({ exit: true }), value(), result({ exit: true }), value()]);
    expect(all).toEqual([
      expect.objectContaining({ outcome: 'crashed' }),
      'fine',
      expect.objectContaining({ outcome: 'crashed' }),
      'fine',
    ]);
  });

  it('ends one that dies between two invocations, and starts another', async () => {
    const { value } = await deploy(
      'behind',
      `import { threadId } from 'node:worker_threads';
      export const handler = (event) => {
        if (event.later) setImmediate(() => { throw new Error('after the answer'); });
        return threadId;
      };`,
    );
    const first = await value({ later: true });
    // The crash may come before or after the next invocation is on its way; the one after that is safe.
    await value();
    const third = await value();
    expect(typeof third).toBe('number');
    expect(third).not.toBe(first);
  });
});

describe('a handler that breaks its environment', () => {
  const source = `export const handler = (event, context) => {
      if (event.loop) for (;;);
      if (event.late) return new Promise((resolve) => setTimeout(resolve, context.getRemainingTimeInMillis() + 200, 'late'));
      if ('exit' in event) process.exit(event.exit);
      if (event.throws) { setImmediate(() => { throw new TypeError('behind the back'); }); return new Promise(() => {}); }
      if (event.rejects) { Promise.reject(new Error('nobody waits')); return new Promise(() => {}); }
      if (event.heap) { const kept = []; for (;;) kept.push(new Array(1000).fill({ kept })); }
      if (event.buffers) {
        const kept = [];
        return new Promise(() => setInterval(() => kept.push(Buffer.alloc(16 * 1024 * 1024, 1)), 5));
      }
      return 'fine';
    };`;
  const exit = 'Runtime.ExitError';

  it.each([
    ['loops for ever', { loop: true }, { outcome: 'timed out', afterMs: 600 }],
    ['answers after its timeout', { late: true }, { outcome: 'timed out', afterMs: 600 }],
    [
      'exits with a code',
      { exit: 3 },
      { outcome: 'crashed', errorType: exit, message: 'Runtime exited with error: exit status 3' },
    ],
    [
      'exits',
      { exit: 0 },
      { outcome: 'crashed', errorType: exit, message: 'Runtime exited without providing a reason' },
    ],
    [
      'throws behind its back',
      { throws: true },
      { outcome: 'crashed', errorType: 'TypeError', message: 'behind the back' },
    ],
    [
      'leaves a rejection unhandled',
      { rejects: true },
      { outcome: 'crashed', errorType: 'Runtime.UnhandledPromiseRejection', message: 'nobody waits' },
    ],
  ])('%s: told as Lambda does, and the next invocation has a fresh one', async (_what, event, expected) => {
    const { result, value } = await deploy(`breaking-${JSON.stringify(event).replace(/\W/g, '')}`, source, {
      timeout: 600,
    });
    expect(await value()).toBe('fine');
    expect(await result(event)).toEqual(expected);
    expect(await value()).toBe('fine');
  });

  it.each([{ heap: true }, { buffers: true }])('runs out of memory: %j', async (event) => {
    const { local, value, logs } = await deploy(`memory-${Object.keys(event)}`, source, { timeout: 30_000 });
    const { result, usage } = await local.invoke(JSON.stringify(event));
    expect(result).toEqual({
      outcome: 'crashed',
      errorType: 'Runtime.OutOfMemory',
      message: 'Runtime exited with error: signal: killed',
    });
    expect(usage?.maxMemoryMb).toBe(128);
    expect(await value()).toBe('fine');
    expect((await logs()).join('')).toMatch(
      /Max Memory Used: 128 MB\t.*Status: error\tError Type: Runtime\.OutOfMemory\n/,
    );
  });

  it('keeps an environment whose memory is only garbage', async () => {
    const { value } = await deploy(
      'garbage',
      `let calls = 0;
      export const handler = () => {
        for (let index = 0; index < 20; index++) Buffer.alloc(16 * 1024 * 1024, 1);
        return ++calls;
      };`,
    );
    expect([await value(), await value(), await value()]).toEqual([1, 2, 3]);
  });

  it.each([
    [
      'import',
      `import 'no-such-package'; export const handler = () => 1;`,
      'Runtime.ImportModuleError',
      'no-such-package',
    ],
    ['syntax', 'export const handler = (;', 'SyntaxError', 'Unexpected token'],
    ['export', 'export const other = () => 1;', 'Runtime.HandlerNotFound', 'no function named handler'],
    ['top', `throw new RangeError('at the top');`, 'RangeError', 'at the top'],
  ])('can not be loaded: %s', async (name, module, errorType, message) => {
    const { result } = await deploy(`unloadable-${name}`, module);
    const expected = { outcome: 'crashed', errorType, message: expect.stringContaining(message) };
    expect(await result()).toEqual(expected);
    expect(await result()).toEqual(expected);
  });
});

describe('the log streams of a LocalFunction', () => {
  it('have what an invocation printed between its START and its END, and what it took', async () => {
    const { local, logs } = await deploy(
      'printing',
      `console.log('loading');
      export const handler = async (event) => {
        console.warn('item %d of', event.item, { count: 2 });
        process.stderr.write('raw, with no line end');
      };`,
    );
    const [first, second] = [await local.invoke('{"item":1}'), await local.invoke('{"item":2}')];
    expect(first.log).toMatch(/^\d{4}\/\d\d\/\d\d\/[0-9a-f]{32}\.log$/);
    expect(second.log).toBe(first.log);
    expect(first.usage?.initMs).toBeGreaterThan(0);
    expect(second.usage?.initMs).toBeUndefined();
    expect(first.usage?.billedMs).toBe(Math.ceil((first.usage?.durationMs ?? 0) + (first.usage?.initMs ?? 0)));
    expect(second.usage?.billedMs).toBe(Math.ceil(second.usage?.durationMs ?? 0));

    const [text, ...others] = await logs();
    expect(others).toEqual([]);
    const id = '[0-9a-f-]{36}';
    const time = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z';
    const report = `REPORT RequestId: ${id}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\\d* MB`;
    const invocation = (item: number, init: string) => [
      `START RequestId: (${id}) Version: \\$LATEST`,
      `${time}\t${id}\tWARN\titem ${item} of \\{ count: 2 \\}`,
      'raw, with no line end',
      `END RequestId: ${id}`,
      `${report}${init}`,
    ];
    const lines = [
      'INIT_START Runtime Version: nodejs:v[\\d.]+',
      `${time}\t\tINFO\tloading`,
      ...invocation(1, '\tInit Duration: [\\d.]+ ms'),
      ...invocation(2, ''),
    ];
    expect(text).toMatch(new RegExp(`^${lines.join('\n')}\n$`));
    expect(new Set(text?.match(new RegExp(id, 'g'))).size).toBe(2);
  });

  it('give each invocation the end of what it printed itself', async () => {
    const source = `export const handler = ({ text }) => { console.log(text); };`;
    const { local } = await deploy('told', source);
    await local.invoke('{"text":"first"}');
    const { tail, requestId } = await local.invoke(JSON.stringify({ text: `${'x'.repeat(5000)} second` }));
    expect(tail).toMatch(/ second\nEND RequestId: .*\nREPORT RequestId: .*\n$/s);
    expect(tail).toContain(`END RequestId: ${requestId}`);
    expect(tail).not.toContain('first');
    expect(Buffer.byteLength(String(tail))).toBe(4096);
  });

  it('say why an environment ended', async () => {
    const { result, logs } = await deploy(
      'ending',
      `export const handler = (event) => {
        console.log('before the end');
        if (event.exit) process.exit(4);
        for (;;);
      };`,
      { timeout: 500 },
    );
    await result({ exit: true });
    await result();
    const texts = await logs();
    expect(texts).toHaveLength(2);
    const [exited, looped] = texts[0]?.includes('exit status 4') ? texts : texts.reverse();
    expect(exited).toMatch(
      /INFO\tbefore the end\nRequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 4\nRuntime\.ExitError\nEND .*\nREPORT .*\tStatus: error\tError Type: Runtime\.ExitError\n$/,
    );
    expect(looped).toMatch(
      /INFO\tbefore the end\n\S+Z [0-9a-f-]{36} Task timed out after 0\.50 seconds\nEND .*\nREPORT RequestId: \S+\tDuration: 500\.00 ms\tBilled Duration: \d+ ms\t.*\tStatus: timeout\n$/,
    );
  });
});
