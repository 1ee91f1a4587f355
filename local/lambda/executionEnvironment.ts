import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { lambda } from '../../shared/limits.js';
import type { FunctionConfig } from './functionConfig.js';
import type { Invocation, InvocationResult, Usage } from './invocation.js';
import { LogStream } from './logStream.js';
import type { WorkerAnswer, WorkerData, WorkerRequest } from './messages.js';

export interface EnvironmentOptions {
  readonly config: FunctionConfig;
  /** Everything in the function's process.env. */
  readonly variables: { readonly [name: string]: string };
  /** The built local/lambda/worker.ts. */
  readonly workerFile: string;
  /** Folder of the function's log streams. */
  readonly logs: string;
}

/** What came of waiting for the thread. */
type Answer = WorkerAnswer | { readonly kind: 'timed out' };

const MiB = 1024 * 1024;

/**
 * A thread with the function loaded, for one invocation at a time, as Lambda keeps a process for each. What its handler
 * does to it (exit, endless loop, no memory left) ends this environment only.
 */
export class ExecutionEnvironment {
  readonly log: LogStream;
  private readonly worker: Worker;
  private loaded = false;
  private ended = false;
  private memory = 0;
  /** What the thread said before it was asked, such as that it can't load the function. */
  private unasked: WorkerAnswer | undefined;
  private heard: ((answer: WorkerAnswer) => void) | undefined;

  constructor(private readonly options: EnvironmentOptions) {
    const { config, variables, workerFile, logs } = options;
    const { module, handlerName, identity } = config;
    this.log = new LogStream(logs, new Date());
    this.log.initStart();
    this.worker = new Worker(workerFile, {
      workerData: { module, handlerName, identity, logStreamName: this.log.name } satisfies WorkerData,
      env: { ...variables, AWS_LAMBDA_LOG_STREAM_NAME: this.log.name },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: identity.memoryMB },
    });
    this.worker.stdout.on('data', (chunk: Buffer) => this.log.print(chunk));
    this.worker.stderr.on('data', (chunk: Buffer) => this.log.print(chunk));
    this.worker.on('message', (answer: WorkerAnswer) => this.hear(answer));
    this.worker.on('error', (error: Error & { readonly code?: string }) =>
      this.hear(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { kind: 'out of memory' }
          : { kind: 'crashed', errorType: error.name, message: error.message },
      ),
    );
    this.worker.on('exit', (code) => this.hear({ kind: 'crashed', errorType: exitError, message: exitMessage(code) }));
  }

  /** Whether it can take another invocation. */
  get usable(): boolean {
    return !this.ended;
  }

  /** Runs the handler with an event (JSON); never rejects. */
  async invoke(event: string): Promise<Invocation> {
    const { identity, timeout } = this.options.config;
    const requestId = randomUUID();
    const initStarted = performance.now();
    const first = !this.loaded;
    // Lambda gives loading 10 s, and then once more the function's own timeout.
    const init: Answer = first ? await this.answer(Math.max(lambda.maxInitDuration, timeout)) : { kind: 'ready' };
    this.loaded = true;
    const initMs = first ? performance.now() - initStarted : undefined;

    this.log.start(requestId);
    const started = performance.now();
    let answer = init;
    if (init.kind === 'ready') {
      this.worker.postMessage({ event, requestId, deadline: Date.now() + timeout } satisfies WorkerRequest);
      answer = await this.answer(timeout);
    }
    const result = resultOf(answer, timeout);
    if (result.outcome === 'timed out' || result.outcome === 'crashed') await this.stop();
    const durationMs = result.outcome === 'timed out' ? timeout : performance.now() - started;
    if ('memory' in answer) this.memory = answer.memory;
    if (answer.kind === 'out of memory') this.memory = identity.memoryMB * MiB;
    const usage: Usage = {
      durationMs,
      initMs,
      // Loading is billed too since August 2025: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
      billedMs: Math.ceil(durationMs + (initMs ?? 0)),
      maxMemoryMb: Math.ceil(this.memory / MiB),
    };
    this.log.end(requestId, result, usage, identity.memoryMB);
    if (this.ended) await this.log.close();
    return { result, usage, log: this.log.file, requestId, tail: this.log.tail };
  }

  /** Ends the thread wherever it is. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.worker.terminate();
  }

  private hear(answer: WorkerAnswer): void {
    if (answer.kind === 'crashed' || answer.kind === 'out of memory') void this.stop();
    if (this.heard) this.heard(answer);
    else this.unasked ??= answer;
  }

  /** The thread's next answer, or that it gave none in time. */
  private answer(ms: number): Promise<Answer> {
    const { unasked } = this;
    if (unasked) {
      this.unasked = undefined;
      return Promise.resolve(unasked);
    }
    return new Promise((resolve) => {
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        this.heard = undefined;
        resolve(answer);
      };
      const timer = setTimeout(() => settle({ kind: 'timed out' }), ms);
      this.heard = settle;
    });
  }
}

/** As Lambda reports a process that ended without an answer. */
const exitError = 'Runtime.ExitError';

function exitMessage(code: number): string {
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}

function resultOf(answer: Answer, timeout: number): InvocationResult {
  switch (answer.kind) {
    case 'returned':
      return returned(answer.payload);
    case 'threw':
      return { outcome: 'threw', errorType: answer.errorType, message: answer.message };
    case 'timed out':
      return { outcome: 'timed out', afterMs: timeout };
    case 'out of memory':
      return {
        outcome: 'crashed',
        errorType: 'Runtime.OutOfMemory',
        message: 'Runtime exited with error: signal: killed',
      };
    case 'crashed':
      return { outcome: 'crashed', errorType: answer.errorType, message: answer.message };
    case 'ready':
      throw new Error('A function was loaded twice.');
  }
}

function returned(payload: string): InvocationResult {
  if (Buffer.byteLength(payload) <= lambda.maxResponseBytes) return { outcome: 'returned', payload };
  return {
    outcome: 'threw',
    errorType: 'Function.ResponseSizeTooLarge',
    message: `Response payload size exceeded maximum allowed payload size (${lambda.maxResponseBytes} bytes).`,
  };
}
