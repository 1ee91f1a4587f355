import { configuredParameters } from '../../../shared/deploy/configuredParameters.js';
import { parameterText } from '../../../shared/deploy/writtenParameters.js';
import type { Examination, Finding } from '../finding.js';
import type { ReadProject } from '../project/project.js';
import { look } from './look.js';
import type { DeployedStack, DeployedStage } from './stage.js';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * What the stage was deployed with beside what the files say now.
 *
 * @returns as well the parameters that it has: those of the deployment, and of the files where it did not write them down
 */
export async function examineParameters(
  deployed: DeployedStage,
  stage: string,
  { parameters, config }: ReadProject,
): Promise<{ readonly parameters: Parameters; readonly examination: Examination }> {
  const place = `parameters of stage ${stage}`;
  const files: Parameters = { ...parameters, ...configuredParameters(config) };
  let written: Readonly<Record<string, string>> | undefined;
  const asked = { name: 'aws:parameters', place, permission: 'cloudformation:GetTemplate' };
  const examination = await look(asked, async () => {
    written = await deployed.parameters(`firesplit-${stage}`);
    if (written === undefined) {
      const problem = 'the deployed version did not write down what it was deployed with';
      return {
        about: '',
        findings: [{ result: 'unknown', place, problem, remedy: 'deploy this version, which does' }],
      };
    }
    return { about: 'it was deployed with what the files say', findings: differences(written, files, stage) };
  });
  return { parameters: { ...files, ...written }, examination };
}

function differences(written: Readonly<Record<string, string>>, files: Parameters, stage: string): Finding[] {
  return Object.entries(written).flatMap(([key, value]): Finding[] => {
    // What a version has that the other does not know is no difference between the two.
    if (!(key in files) || parameterText(files[key]) === value) return [];
    const place = key in configuredParameters({}) ? `infra/firesplit.yml (${key})` : `infra/parameters.yml ${key}`;
    const problem = `stage ${stage} was deployed with ${shown(value)}, and the files say ${shown(parameterText(files[key]))}`;
    const remedy = `deploy, and it is as the files say; or write what it has there (a --param holds for one deployment)`;
    return [{ result: 'warn', place, problem, remedy }];
  });
}

function shown(text: string): string {
  return text === '' ? 'nothing' : text;
}

/** Whether the stack is protected from being deleted, where its deployment asked for that. */
export function examineProtection(
  { isProtected }: DeployedStack,
  stage: string,
  { protection }: Parameters,
): Examination {
  const name = 'aws:protection';
  const place = `stack firesplit-${stage}`;
  if (isProtected) return { name, about: `${place} can't be deleted while it is protected`, findings: [] };
  if (protection === 'Disabled')
    return { name, about: `${place} may be deleted, as the parameter protection says`, findings: [] };
  const problem =
    'its protection was taken off: whoever may delete stacks deletes it, and its queues and roles with it';
  const remedy = `aws cloudformation update-termination-protection --enable-termination-protection --stack-name firesplit-${stage}`;
  return { name, about: '', findings: [{ result: 'warn', place, problem, remedy }] };
}
