/**
 * The thread that a function runs in: loads the handler once, then answers one invocation after the other. The parent
 * gives the environment; whatever the handler does to the process (exit, endless loop, memory) ends this thread only.
 */
import { setPriority } from 'node:os';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer, WorkerData, WorkerRequest } from './messages.js';
import { traceHeader } from './trace.js';

type Handler = (event: unknown, context: unknown, callback: (error: unknown, result: unknown) => void) => unknown;

const { module, handlerName, identity, logStreamName } = workerData as WorkerData;

/** Milliseconds between two looks at the memory while a handler waits. */
const memoryInterval = 100;

const background = 10;

let requestId = '';
let peak = 0;

process.on('uncaughtException', (error) => crash('Uncaught Exception', error, errorOf(error)));
process.on('unhandledRejection', (reason) =>
  crash('Unhandled Promise Rejection', reason, {
    errorType: 'Runtime.UnhandledPromiseRejection',
    message: errorOf(reason).message,
  }),
);
logAsLambda();
// Acknowledging comes first: without this, busy functions let an endpoint of two cores take a quarter as much. Linux
// alone gives a thread a priority of its own.
if (process.platform === 'linux') setPriority(0, background);

const handler = await load();
if (handler) {
  parentPort?.on('message', async (request: WorkerRequest) => {
    requestId = request.requestId;
    const timer = setInterval(watchMemory, memoryInterval);
    const answer = await run(handler, request);
    clearInterval(timer);
    watchMemory();
    // What was printed reaches the log before the line that ends the invocation.
    await Promise.all([process.stdout, process.stderr].map(flushed));
    send({ ...answer, memory: peak });
  });
  send({ kind: 'ready' });
}

async function load(): Promise<Handler | undefined> {
  try {
    const exported = ((await import(pathToFileURL(module).href)) as { [name: string]: unknown })[handlerName];
    if (typeof exported === 'function') return exported as Handler;
    const message = `${module} exports no function named ${handlerName}.`;
    send({ kind: 'crashed', errorType: 'Runtime.HandlerNotFound', message });
  } catch (error) {
    console.error(error);
    const { errorType, message } = errorOf(error);
    const notFound = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    send({ kind: 'crashed', errorType: notFound ? 'Runtime.ImportModuleError' : errorType, message });
  }
  return undefined;
}

type Outcome =
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'threw'; readonly errorType: string; readonly message: string };

async function run(handler: Handler, { event, deadline }: WorkerRequest): Promise<Outcome> {
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: identity.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: identity.arn,
    memoryLimitInMB: String(identity.memoryMB),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${identity.name}`,
    logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const input = JSON.parse(event) as { readonly invocationId?: string } | null;
  process.env._X_AMZN_TRACE_ID = traceHeader(input?.invocationId ?? requestId);
  try {
    const result = await new Promise<unknown>((resolve, reject) => {
      const answer = handler(input, context, (error, value) => (error ? reject(error) : resolve(value)));
      // A handler that takes a callback and returns no promise answers through the callback.
      if (handler.length < 3 || isPromise(answer)) resolve(answer);
    });
    return { kind: 'returned', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error('Invoke Error', error);
    return { kind: 'threw', ...errorOf(error) };
  }
}

function isPromise(answer: unknown): boolean {
  return typeof (answer as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

function errorOf(error: unknown): { errorType: string; message: string } {
  return error instanceof Error
    ? { errorType: error.name, message: error.message }
    : { errorType: typeof error, message: String(error) };
}

function crash(what: string, error: unknown, told: { errorType: string; message: string }): void {
  console.error(what, error);
  send({ kind: 'crashed', ...told });
}

/**
 * The heap has its limit from the parent. Buffers are not part of it, so a leak of them would take the whole stack
 * along: what is over the limit and still there after a collection ends the thread.
 */
function watchMemory(): void {
  const limit = identity.memoryMB * 1024 * 1024;
  if (memoryUsed() > limit) {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    if (memoryUsed() > limit) send({ kind: 'out of memory' });
  }
  peak = Math.max(peak, memoryUsed());
}

function memoryUsed(): number {
  const { heapTotal, external } = process.memoryUsage();
  return heapTotal + external;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

/**
 * The console as Lambda's runtime has it: time, request id and level before each message.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
function logAsLambda(): void {
  const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...parts: unknown[]) => {
      process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...parts)}\n`);
    };
  }
}

function send(answer: WorkerAnswer): void {
  parentPort?.postMessage(answer);
}
