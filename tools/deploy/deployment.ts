import { type Deployment, effectiveParameters } from '../../shared/deploy/parameters.js';

/** The parts of the Serverless Framework that say what is deployed. */
export interface ServerlessInput {
  readonly serviceDir: string;
  /** serverless.yml with its variables replaced. */
  readonly configurationInput: { readonly params?: unknown };
  readonly processedInput: {
    readonly commands: readonly string[];
    readonly options: { readonly param?: readonly string[] };
  };
  /** `Error` is what the framework shows without a stack trace. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: 'aws'): { getStage(): string; getRegion(): string };
}

/** The stage and the parameters that the command line asks for. */
export function deploymentOf(serverless: ServerlessInput): Deployment {
  const provider = serverless.getProvider('aws');
  const { param = [] } = serverless.processedInput.options;
  const pairs = param.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1).trimEnd()]);
  return {
    stage: provider.getStage(),
    region: provider.getRegion(),
    overrides: Object.fromEntries(pairs),
    resolved: serverless.configurationInput.params,
  };
}

/** A parameter of the deployment, as text. */
export function parameterOf(serverless: ServerlessInput, key: string): string {
  const value = effectiveParameters(deploymentOf(serverless))[key];
  return value === undefined || value === null ? '' : String(value);
}
