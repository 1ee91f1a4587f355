import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Template } from '../infra/package.js';
import { attempt, run } from './run.js';

const program = createRequire(import.meta.url).resolve('osls/bin/serverless.js');

export const stage = 'prod';

/** What ministack's CloudFormation does not know, and nothing else in the template refers to. */
const unknown = ['AWS::Athena::NamedQuery', 'AWS::Budgets::Budget'];

/** Nor alarms of several metrics. */
function isUnknown(resource: unknown): boolean {
  const { Type, Properties } = resource as { Type: string; Properties?: { Metrics?: unknown } };
  return unknown.includes(Type) || (Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined);
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: while it works, the framework keeps the zips in the folder .serverless of the service, whatever --package says. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

interface State {
  readonly service: {
    readonly provider: { readonly compiledCloudFormationTemplate: { Resources: Record<string, unknown> } };
  };
}

/** Packages the built service into a folder. @returns its template */
export async function packageService(folder: string, params: readonly string[] = []): Promise<Template> {
  const options = params.map((param) => `--param=${param}`);
  const command = [program, 'package', '--stage', stage, '--package', folder, ...options];
  await oneAtATime(() => run(process.execPath, command, { PATH: process.env.PATH, HOME: folder }));
  return JSON.parse(await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')) as Template;
}

/**
 * Leaves out of a package what ministack would refuse the whole template for, and other types.
 *
 * @returns the ids of what it has left out
 */
export async function withoutUnknown(folder: string, also: readonly string[] = []): Promise<string[]> {
  const file = join(folder, 'serverless-state.json');
  const state = JSON.parse(await readFile(file, 'utf8')) as State;
  const { Resources } = state.service.provider.compiledCloudFormationTemplate;
  const left = Object.entries(Resources).filter(
    ([, value]) => isUnknown(value) || also.includes((value as { Type: string }).Type),
  );
  for (const [id] of left) delete Resources[id];
  await writeFile(file, JSON.stringify(state));
  return left.map(([id]) => id);
}

/** `serverless deploy` or `remove` against a server. */
export async function serverless(
  variables: NodeJS.ProcessEnv,
  command: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  return await oneAtATime(() => attempt(process.execPath, [program, ...command, '--stage', stage], variables));
}
