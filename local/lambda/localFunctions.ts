import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StackEmitter } from '../events.js';
import type { Infra } from '../infra/infra.js';
import { functionConfig } from './functionConfig.js';
import type { InvocationResult, Invoke } from './invocation.js';
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

/** The deployed functions by name. They can be referred to before they are deployed, but not invoked. */
export class LocalFunctions {
  private readonly functions = new Map<string, LocalFunction>();

  constructor(private readonly options: LocalFunctionsOptions) {}

  /** @throws when the template is wrong or the project is not built. */
  deploy(name: string, environment: { readonly [name: string]: string }): void {
    const { infra, root, region, logs } = this.options;
    const config = functionConfig(infra, name, root);
    const workerFile = join(root, 'dist/local/worker.mjs');
    for (const file of [config.module, workerFile]) {
      if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first.`);
    }
    const logFile = join(logs, `${name}.log`);
    this.functions.set(name, new LocalFunction({ config, environment, region, workerFile, logFile }));
  }

  /** Invokes a function and tells how it went. */
  invoker(name: string): Invoke {
    return async (event, records) => {
      const target = this.functions.get(name);
      if (!target) throw new Error(`${name} was invoked before it was deployed.`);
      const started = performance.now();
      const result = await target.invoke(event);
      this.options.events.emit('invoked', {
        function: name,
        outcome: result.outcome,
        records,
        ms: performance.now() - started,
        requestBytes: Buffer.byteLength(event),
        responseBytes: responseBytes(result),
      });
      return result;
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.functions.values()].map((each) => each.stop()));
  }
}

function responseBytes(result: InvocationResult): number {
  return result.outcome === 'returned' ? Buffer.byteLength(result.payload) : 0;
}
