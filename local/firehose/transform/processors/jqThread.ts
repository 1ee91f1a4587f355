import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** A query was still running when its time was over. */
export class QueryTimeoutError extends Error {
  override readonly name = 'QueryTimeoutError';
}

/** JQ on a thread of its own, since a query may never end; the thread is started at the first run, and after an endless one. */
export class JqThread {
  private worker: Worker | undefined;

  /**
   * Runs a filter without input; one run at a time.
   *
   * @param timeLimit milliseconds
   * @throws what JQ says, or QueryTimeoutError.
   */
  async run(filter: string, flags: readonly string[], timeLimit: number): Promise<string> {
    this.worker ??= new Worker(source, { eval: true, workerData: { engine } });
    const { worker } = this;
    return new Promise<string>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (result: () => void) => {
        clearTimeout(timer);
        worker.off('message', hear).off('error', give).off('exit', ended);
        result();
      };
      const give = (error: Error) => settle(() => void this.end().then(() => reject(error)));
      const ended = (code: number) => give(new Error(`the thread of the query ended with ${code}`));
      const hear = (told: Told) => {
        // Only the query's own time counts, not that of the engine's start.
        if (told.kind === 'started') timer = setTimeout(() => give(new QueryTimeoutError()), timeLimit);
        else if (told.kind === 'answer') settle(() => resolve(told.text));
        else settle(() => reject(new Error(told.message)));
      };
      worker.on('message', hear).on('error', give).on('exit', ended);
      worker.postMessage({ filter, flags });
    });
  }

  /** Ends the thread wherever it is. */
  async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }
}

type Told =
  | { readonly kind: 'started' }
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };

const require = createRequire(import.meta.url);
const engine = require.resolve('jq-wasm/dist/build/jq.js');

/** What the thread does. A new engine for each run, because it never gives back the memory of its arguments. */
const source = `
const { parentPort, workerData } = require('node:worker_threads');
const startJq = require(workerData.engine);
parentPort.on('message', async ({ filter, flags }) => {
  try {
    const jq = await startJq();
    parentPort.postMessage({ kind: 'started' });
    const text = await jq.raw('', filter, flags);
    parentPort.postMessage({ kind: 'answer', text });
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
`;
