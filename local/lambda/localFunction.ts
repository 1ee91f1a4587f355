import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { devNull } from 'node:os';
import { Worker } from 'node:worker_threads';
import { lambda } from '../../shared/limits.js';
import type { FunctionConfig } from './functionConfig.js';
import type { InvocationResult } from './invocation.js';
import type { WorkerAnswer, WorkerRequest } from './messages.js';

export interface LocalFunctionOptions {
  readonly config: FunctionConfig;
  /** Variables over those of the template, such as the local endpoints. */
  readonly environment: { readonly [name: string]: string };
  readonly region: string;
  /** The built local/lambda/worker.ts. */
  readonly workerFile: string;
  /** Where what the function prints is appended. */
  readonly logFile: string;
}

/** A deployed bundle in a thread of its own, one invocation at a time. */
export class LocalFunction {
  private worker: Worker | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly log: WriteStream;

  constructor(private readonly options: LocalFunctionOptions) {
    this.log = createWriteStream(options.logFile, { flags: 'a' });
    // A full disk costs the log, not the function.
    this.log.on('error', () => undefined);
  }

  /** Invokes the handler with an event (JSON); never rejects. Invocations wait for each other. */
  invoke(event: string): Promise<InvocationResult> {
    const result = this.turn.then(() => this.run(event));
    this.turn = result;
    return result;
  }

  async stop(): Promise<void> {
    await this.turn;
    await this.worker?.terminate();
    this.worker = undefined;
    this.log.end();
    await once(this.log, 'close');
  }

  private async run(event: string): Promise<InvocationResult> {
    const bytes = Buffer.byteLength(event);
    if (bytes > lambda.maxPayloadBytes) {
      return { outcome: 'threw', errorType: 'RequestTooLargeException', message: `${bytes} bytes of event` };
    }
    const { timeout } = this.options.config;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    try {
      const worker = await this.ready(abort.signal);
      const request: WorkerRequest = { event, requestId: randomUUID(), deadline: Date.now() + timeout };
      worker.postMessage(request);
      return this.resultOf(await answerOf(worker, abort.signal));
    } catch (error) {
      await this.worker?.terminate();
      this.worker = undefined;
      if (abort.signal.aborted) return { outcome: 'timed out', afterMs: timeout };
      const message = error instanceof Error ? error.message : String(error);
      this.log.write(`${message}\n`);
      return { outcome: 'crashed', message };
    } finally {
      clearTimeout(timer);
    }
  }

  private resultOf(answer: WorkerAnswer): InvocationResult {
    if (answer.kind === 'threw') return { outcome: 'threw', errorType: answer.errorType, message: answer.message };
    const payload = answer.kind === 'returned' ? answer.payload : 'null';
    const bytes = Buffer.byteLength(payload);
    if (bytes > lambda.maxPayloadBytes) {
      return {
        outcome: 'threw',
        errorType: 'Function.ResponseSizeTooLarge',
        message: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${lambda.maxPayloadBytes} bytes).`,
      };
    }
    return { outcome: 'returned', payload };
  }

  /** The running thread, or a new one whose handler is loaded. */
  private async ready(signal: AbortSignal): Promise<Worker> {
    if (this.worker) return this.worker;
    const { config, workerFile } = this.options;
    const { module, handlerName, identity } = config;
    const worker = new Worker(workerFile, {
      workerData: { module, handlerName, identity },
      env: this.environment(),
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: identity.memoryMB },
    });
    worker.stdout.pipe(this.log, { end: false });
    worker.stderr.pipe(this.log, { end: false });
    // A crash between invocations: the next one starts a new thread. During one, `answerOf` hears of it too.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    this.worker = worker;
    await answerOf(worker, signal);
    return worker;
  }

  private environment(): { [name: string]: string } {
    const { config, environment, region } = this.options;
    return {
      PATH: process.env.PATH ?? '',
      TZ: ':UTC',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      // The profile of whoever runs this has no say here.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_LAMBDA_FUNCTION_NAME: config.identity.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.identity.memoryMB),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      ...config.environment,
      ...environment,
    };
  }
}

/** The next message of a thread; rejects when it dies first or the signal fires. */
async function answerOf(worker: Worker, signal: AbortSignal): Promise<WorkerAnswer> {
  const settled = new AbortController();
  const either = { signal: AbortSignal.any([signal, settled.signal]) };
  try {
    return await Promise.race([
      once(worker, 'message', either).then(([answer]) => answer as WorkerAnswer),
      once(worker, 'exit', either).then(([code]) => {
        throw new Error(`The function's thread ended with exit code ${code}.`);
      }),
    ]);
  } finally {
    settled.abort();
  }
}
