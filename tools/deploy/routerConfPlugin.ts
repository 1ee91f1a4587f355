import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { confKey } from '../../local/firelens/shippedRouter.js';
import { bucketOf } from '../../shared/deploy/names.js';
import { parameterOf, type ServerlessInput } from './deployment.js';

/** The parts of the Serverless Framework that the plugin uses. */
interface Serverless extends ServerlessInput {
  getProvider(name: 'aws'): {
    getAwsSdkV3Config(): Promise<S3ClientConfig>;
    getAccountId(): Promise<string>;
    getStage(): string;
    getRegion(): string;
  };
}

interface PluginTools {
  readonly log: { notice(text: string): void; warning(text: string): void };
}

/**
 * After `serverless deploy` the configuration of the log router is in the bucket of the logs, where AWS's init image reads it
 * (docs/firelens.md). Whoever deploys may not be allowed to put it there: then only a warning is told.
 */
export default class RouterConfPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(
    private readonly serverless: Serverless,
    _options: unknown,
    private readonly tools: PluginTools,
  ) {
    this.hooks = { 'after:deploy:deploy': () => this.upload() };
  }

  private async upload(): Promise<void> {
    const { log } = this.tools;
    const provider = this.serverless.getProvider('aws');
    const { region, credentials, endpoint } = await provider.getAwsSdkV3Config();
    // The rest of it is for clients of the framework's own version.
    const client = new S3Client({
      region,
      credentials,
      ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    } as S3ClientConfig);
    try {
      const at = { stage: provider.getStage(), account: await provider.getAccountId(), region: provider.getRegion() };
      const Bucket = parameterOf(this.serverless, 'bucket') || bucketOf(at);
      const Body = await readFile(join(this.serverless.serviceDir, 'infra/fluent-bit/extra.conf'));
      await client.send(new PutObjectCommand({ Bucket, Key: confKey, Body, ContentType: 'text/plain; charset=utf-8' }));
      log.notice(`Configuration of the log router in s3://${Bucket}/${confKey}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warning(
        `The configuration of the log router was not put into the bucket: ${reason} Everything else is deployed.`,
      );
    } finally {
      client.destroy();
    }
  }
}
