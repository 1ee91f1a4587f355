import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { unknownWord } from '../../shared/yaml/jsonSchema.js';
import { whereUpIs } from '../commands/options.js';
import { Infra } from '../infra/infra.js';
import { projectRoot } from '../infra/project.js';
import { accessTo, explainedAccess } from './access.js';
import type { DeployedOptions } from './deployedOptions.js';

/** What came of an invocation. */
export interface Invoked {
  /** The function's answer, or its error as Lambda tells it: JSON. */
  readonly payload: string;
  readonly failed: boolean;
  /** The end of what it printed. */
  readonly log: string;
}

/** Invokes a function by its name in infra/functions.yml, as the console's Test button would, and waits for its answer. */
export async function invokeFunction(given: DeployedOptions, name: string, event: string): Promise<Invoked> {
  const options = { ...given, endpoint: (await whereUpIs(given.endpoint, given.data)).endpoint };
  const functionName = await deployedName(options, name);
  // The longest that a function may take: a second request would be a second invocation.
  const requestHandler = { requestTimeout: 900_000 };
  const client = new LambdaClient({ ...accessTo(options), requestHandler, maxAttempts: 1 });
  try {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(event), LogType: 'Tail' });
    const { Payload: payload, FunctionError: failure, LogResult: log = '' } = await client.send(command);
    return {
      payload: Buffer.from(payload ?? []).toString('utf8'),
      failed: failure !== undefined,
      log: Buffer.from(log, 'base64').toString('utf8'),
    };
  } catch (error) {
    throw explainedAccess(error, options, { what: `function ${functionName}`, permissions: 'lambda:InvokeFunction' });
  } finally {
    client.destroy();
  }
}

async function deployedName({ aws, stage }: DeployedOptions, name: string): Promise<string> {
  // No function's name depends on region or account.
  const account = { region: 'us-east-1', id: '000000000000', stage: aws ? stage : 'local', queueUrl: () => '' };
  const infra = await Infra.load(projectRoot(), account);
  if (!infra.functionNames.includes(name)) throw new Error(unknownWord('function', name, infra.functionNames));
  return infra.ref(infra.functionSettings(name).logicalId);
}
