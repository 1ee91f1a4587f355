import { devNull } from 'node:os';
import { lambda } from '../../shared/limits.js';
import { ExecutionEnvironment } from './executionEnvironment.js';
import type { FunctionConfig } from './functionConfig.js';
import type { Invocation } from './invocation.js';

export interface LocalFunctionOptions {
  readonly config: FunctionConfig;
  /** Variables over those of the template, such as the local endpoints. */
  readonly environment: { readonly [name: string]: string };
  readonly region: string;
  /** The built local/lambda/worker.ts. */
  readonly workerFile: string;
  /** Folder of what the function prints. */
  readonly logs: string;
}

/**
 * A deployed bundle. Invocations at the same time run in environments of their own, up to the function's concurrency;
 * the others wait. An environment that is free is used again before a new one is started.
 */
export class LocalFunction {
  private readonly environments = new Set<ExecutionEnvironment>();
  /** The one that was used last comes first, so that the others stay idle. */
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private busy = 0;

  constructor(private readonly options: LocalFunctionOptions) {}

  /** Invokes the handler with an event (JSON); never rejects. */
  async invoke(event: string): Promise<Invocation> {
    if (Buffer.byteLength(event) > lambda.maxPayloadBytes) return requestTooLarge;
    const invocation = this.run(event);
    this.running.add(invocation);
    return invocation.finally(() => this.running.delete(invocation));
  }

  /** Lets what runs come to its end, then ends every thread. */
  async stop(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
    const environments = [...this.environments];
    this.environments.clear();
    this.idle.length = 0;
    for (const environment of environments) {
      await environment.stop();
      await environment.log.close();
    }
  }

  private async run(event: string): Promise<Invocation> {
    if (this.busy >= this.options.config.concurrency) {
      // Whoever ends hands its place over.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.busy++;
    }
    const environment = this.environment();
    try {
      return await environment.invoke(event);
    } finally {
      if (environment.usable) this.idle.unshift(environment);
      else this.environments.delete(environment);
      const next = this.waiting.shift();
      if (next) next();
      else this.busy--;
    }
  }

  /** A warm environment, or a new one. */
  private environment(): ExecutionEnvironment {
    for (let warm = this.idle.shift(); warm; warm = this.idle.shift()) {
      if (warm.usable) return warm;
      // It ended between two invocations.
      this.environments.delete(warm);
      void warm.log.close();
    }
    const { config, workerFile, logs } = this.options;
    const environment = new ExecutionEnvironment({ config, variables: this.variables(), workerFile, logs });
    this.environments.add(environment);
    return environment;
  }

  private variables(): { [name: string]: string } {
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
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${config.identity.name}`,
      ...config.environment,
      ...environment,
    };
  }
}

/** Lambda refuses such a request before anything runs. */
const requestTooLarge: Invocation = {
  result: {
    outcome: 'threw',
    errorType: 'RequestTooLargeException',
    message: `Request must be smaller than ${lambda.maxPayloadBytes} bytes for the InvokeFunction operation`,
  },
  usage: undefined,
  log: undefined,
};
