import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StackEmitter } from '../events.js';
import type { Infra } from '../infra/infra.js';
import { type FunctionConfig, functionConfig } from './functionConfig.js';
import type { Invocation, InvocationResult, Invoke } from './invocation.js';
import { LocalFunction } from './localFunction.js';

interface LocalFunctionsOptions {
  readonly infra: Infra;
  /** The project's root, where dist/ is. */
  readonly root: string;
  readonly region: string;
  /** Folder of the functions' logs. */
  readonly logs: string;
  readonly events: StackEmitter;
}

interface Deployed {
  readonly config: FunctionConfig;
  readonly local: LocalFunction;
}

/** The deployed functions by name. They can be referred to before they are deployed, but not invoked. */
export class LocalFunctions {
  private readonly functions = new Map<string, Deployed>();
  /** Those that were deployed before, until what they run has come to its end. */
  private readonly replaced = new Set<Promise<void>>();

  constructor(private readonly options: LocalFunctionsOptions) {}

  /**
   * Deploys a function, in the place of one of this name: what that one runs comes to its end there.
   *
   * @throws when the template is wrong or the project is not built.
   */
  deploy(name: string, environment: { readonly [name: string]: string }): void {
    const { infra, root, region, logs } = this.options;
    const config = functionConfig(infra, name, root);
    const workerFile = join(root, 'dist/local/worker.mjs');
    for (const file of [config.module, workerFile]) {
      if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first.`);
    }
    const options = { config, environment, region, workerFile, logs: join(logs, name) };
    const before = this.functions.get(name);
    this.functions.set(name, { config, local: new LocalFunction(options) });
    if (!before) return;
    const ended = before.local.stop().finally(() => this.replaced.delete(ended));
    this.replaced.add(ended);
  }

  /** Invokes a function and tells how it went. */
  invoker(name: string): Invoke {
    return async (event, records) => {
      const target = this.functions.get(name);
      if (!target) throw new Error(`${name} was invoked before it was deployed.`);
      return (await this.invoke(name, target, event, records)).result;
    };
  }

  /** Invokes the function of an ARN, with or without a version or alias; one that isn't deployed answers as Lambda does. */
  invokerOf(arn: string): Invoke {
    return async (event, records) => (await this.invokeArn(arn, event, records)).result;
  }

  /** The same with all that is known of the invocation. */
  async invokeArn(arn: string, event: string, records: number): Promise<Invocation> {
    const unqualified = arn.split(':').slice(0, 7).join(':');
    for (const [name, target] of this.functions) {
      if (target.config.identity.arn === unqualified) return this.invoke(name, target, event, records);
    }
    const result = { outcome: 'not found', message: `Function not found: ${arn}` } as const;
    return { result, usage: undefined, log: undefined };
  }

  /** Whether a function is deployed: only its latest version is. */
  has(arn: string): boolean {
    const latest = arn.replace(/:\$LATEST$/, '');
    return [...this.functions.values()].some(({ config }) => config.identity.arn === latest);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.replaced, ...[...this.functions.values()].map(({ local }) => local.stop())]);
  }

  private async invoke(name: string, target: Deployed, event: string, records: number): Promise<Invocation> {
    const started = performance.now();
    const invocation = await target.local.invoke(event);
    const { result, usage, log } = invocation;
    this.options.events.emit('invoked', {
      function: name,
      outcome: result.outcome,
      records,
      ms: performance.now() - started,
      billedMs: usage?.billedMs ?? 0,
      memoryMb: target.config.identity.memoryMB,
      requestBytes: Buffer.byteLength(event),
      responseBytes: responseBytes(result),
      log: log === undefined ? undefined : join('lambda', name, log),
    });
    return invocation;
  }
}

function responseBytes(result: InvocationResult): number {
  return result.outcome === 'returned' ? Buffer.byteLength(result.payload) : 0;
}
