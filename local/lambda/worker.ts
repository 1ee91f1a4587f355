/**
 * The thread that a function runs in: loads the handler once, then answers one invocation after the other. The parent
 * gives the environment; whatever the handler does to the process (exit, endless loop, memory) ends this thread only.
 */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionIdentity, WorkerAnswer, WorkerRequest } from './messages.js';

interface WorkerData {
  readonly module: string;
  readonly handlerName: string;
  readonly identity: FunctionIdentity;
}

const { module, handlerName, identity } = workerData as WorkerData;
const logStreamName = randomUUID();

const loaded = (await import(pathToFileURL(module).href)) as { [name: string]: unknown };
const handler = loaded[handlerName];
if (typeof handler !== 'function') throw new Error(`${module} exports no function named ${handlerName}.`);

parentPort?.on('message', async (request: WorkerRequest) => {
  const answer = await run(request);
  parentPort?.postMessage(answer);
});
parentPort?.postMessage({ kind: 'ready' } satisfies WorkerAnswer);

async function run({ event, requestId, deadline }: WorkerRequest): Promise<WorkerAnswer> {
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
  try {
    const result: unknown = await (handler as (event: unknown, context: unknown) => unknown)(
      JSON.parse(event),
      context,
    );
    return { kind: 'returned', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error(error);
    return error instanceof Error
      ? { kind: 'threw', errorType: error.name, message: error.message }
      : { kind: 'threw', errorType: typeof error, message: String(error) };
  }
}
