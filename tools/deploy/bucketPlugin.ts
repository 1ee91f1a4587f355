import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { bucketOf } from '../../shared/deploy/names.js';
import { adoptBucket } from './adoptBucket.js';
import { parameterOf, type ServerlessInput } from './deployment.js';

interface Serverless extends ServerlessInput {
  getProvider(name: 'aws'): {
    readonly naming: { getStackName(): string };
    getAwsSdkV3Config(): Promise<CloudFormationClientConfig>;
    getAccountId(): Promise<string>;
    getStage(): string;
    getRegion(): string;
  };
}

interface PluginTools {
  readonly log: { notice(text: string): void };
}

/** Between the stack, which is there by then, and what is deployed to it: the bucket of an earlier stack is taken over. */
export default class BucketPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(
    private readonly serverless: Serverless,
    _options: unknown,
    private readonly tools: PluginTools,
  ) {
    this.hooks = { 'after:aws:deploy:deploy:createStack': () => this.adopt() };
  }

  private async adopt(): Promise<void> {
    const provider = this.serverless.getProvider('aws');
    const { region, credentials, endpoint } = await provider.getAwsSdkV3Config();
    // The rest of it is for clients of the framework's own version.
    const config = { region, credentials, ...(endpoint ? { endpoint, forcePathStyle: true } : {}) };
    const cloudFormation = new CloudFormationClient(config as CloudFormationClientConfig);
    const s3 = new S3Client(config as S3ClientConfig);
    const at = { stage: provider.getStage(), account: await provider.getAccountId(), region: provider.getRegion() };
    const bucket = parameterOf(this.serverless, 'bucket') || bucketOf(at);
    try {
      const isAdopted = await adoptBucket({ cloudFormation, s3, stack: provider.naming.getStackName(), bucket });
      if (isAdopted) this.tools.log.notice(`Took over the bucket ${bucket} with what is in it`);
    } catch (error) {
      throw new this.serverless.classes.Error(
        error instanceof Error ? error.message : String(error),
        'FIRESPLIT_BUCKET',
      );
    } finally {
      cloudFormation.destroy();
      s3.destroy();
    }
  }
}
