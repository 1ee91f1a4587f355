import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { parameterOf, type ServerlessInput } from './deployment.js';

interface Serverless extends ServerlessInput {
  getProvider(name: 'aws'): {
    readonly naming: { getStackName(): string };
    getAwsSdkV3Config(): Promise<CloudFormationClientConfig>;
    getStage(): string;
    getRegion(): string;
  };
}

/**
 * The parameter `protection` for the stack itself, which a template can't say. `serverless remove` empties its bucket of
 * packages before CloudFormation refuses anything, so that a protected stack is told of before it starts.
 */
export default class ProtectionPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(private readonly serverless: Serverless) {
    this.hooks = {
      'after:deploy:deploy': () => this.withClient((client, stack) => this.protect(client, stack)),
      'before:remove:remove': () => this.withClient((client, stack) => this.refuse(client, stack)),
    };
  }

  private async protect(client: CloudFormationClient, StackName: string): Promise<void> {
    const EnableTerminationProtection = parameterOf(this.serverless, 'protection') === 'Enabled';
    await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
  }

  private async refuse(client: CloudFormationClient, StackName: string): Promise<void> {
    const stacks = await client.send(new DescribeStacksCommand({ StackName })).catch(() => undefined);
    if (stacks?.Stacks?.[0]?.EnableTerminationProtection !== true) return;
    const provider = this.serverless.getProvider('aws');
    const at = `--stage ${provider.getStage()} --region ${provider.getRegion()}`;
    throw new this.serverless.classes.Error(
      `The stack ${StackName} is protected: nothing was removed. To remove it, take the protection off and come again:\n` +
        `  npx serverless deploy ${at} --param="protection=Disabled"\n  npx serverless remove ${at}`,
      'FIRESPLIT_PROTECTED',
    );
  }

  private async withClient(work: (client: CloudFormationClient, stack: string) => Promise<void>): Promise<void> {
    const provider = this.serverless.getProvider('aws');
    const { region, credentials, endpoint } = await provider.getAwsSdkV3Config();
    // The rest of it is for clients of the framework's own version.
    const config = { region, credentials, ...(endpoint ? { endpoint } : {}) } as CloudFormationClientConfig;
    const client = new CloudFormationClient(config);
    try {
      await work(client, provider.naming.getStackName());
    } finally {
      client.destroy();
    }
  }
}
