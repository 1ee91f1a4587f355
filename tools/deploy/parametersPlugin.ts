import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { effectiveParameters, parameterProblems } from '../../shared/deploy/parameters.js';
import { parametersMetadata } from '../../shared/deploy/writtenParameters.js';
import { deploymentOf, type ServerlessInput } from './deployment.js';

const path = 'infra/parameters.yml';

/** The parts of the Serverless Framework that the plugin uses. */
interface Serverless extends ServerlessInput {
  readonly service: { readonly provider: { readonly compiledCloudFormationTemplate: { Metadata?: object } } };
}

/**
 * Before anything is packaged or deployed: what AWS would refuse halfway, or what would be there under a name that hurts later.
 * The template then says what it was made with.
 */
export default class ParametersPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(private readonly serverless: Serverless) {
    this.hooks = {
      initialize: () => this.check(),
      'before:aws:package:finalize:saveServiceState': async () => this.write(),
    };
  }

  private async check(): Promise<void> {
    const { processedInput, serviceDir, classes } = this.serverless;
    if (!['package', 'deploy'].includes(processedInput.commands[0] ?? '')) return;
    const text = await readFile(join(serviceDir, path), 'utf8');
    const problems = parameterProblems({ path, text }, deploymentOf(this.serverless));
    if (problems.length === 0) return;
    const headline = `Nothing was packaged or deployed: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in the parameters.`;
    throw new classes.Error([headline, ...problems].join('\n'), 'FIRESPLIT_PARAMETERS');
  }

  private write(): void {
    const template = this.serverless.service.provider.compiledCloudFormationTemplate;
    template.Metadata = parametersMetadata(effectiveParameters(deploymentOf(this.serverless)));
  }
}
