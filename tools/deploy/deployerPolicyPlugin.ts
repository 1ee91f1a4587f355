import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketOf } from '../../shared/deploy/names.js';
import { deployerPolicies } from './deployerPolicy.js';
import { parameterOf, type ServerlessInput } from './deployment.js';

/** The parts of the Serverless Framework that the plugin uses. */
interface Serverless extends ServerlessInput {
  readonly service: {
    readonly service: string;
    readonly package: { readonly path?: string };
    readonly provider: {
      readonly compiledCloudFormationTemplate: {
        readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
      };
    };
  };
  getProvider(name: 'aws'): {
    readonly naming: { getStackName(): string };
    getStage(): string;
    getRegion(): string;
  };
}

/**
 * With every package, beside its template: what whoever deploys it has to be allowed, as deployer-policy-1.json and so on, each to
 * become a managed policy (docs/install.md).
 */
export default class DeployerPolicyPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(
    private readonly serverless: Serverless,
    private readonly options: { readonly package?: string },
  ) {
    this.hooks = { 'after:aws:package:finalize:saveServiceState': () => this.write() };
  }

  private async write(): Promise<void> {
    const { service, serviceDir } = this.serverless;
    const provider = this.serverless.getProvider('aws');
    const [stage, region] = [provider.getStage(), provider.getRegion()];
    const parameter = (key: string) => parameterOf(this.serverless, key);
    const policies = deployerPolicies(service.provider.compiledCloudFormationTemplate, {
      partition: partitionOf(region),
      region,
      stack: provider.naming.getStackName(),
      stream: parameter('stream'),
      bucket: parameter('bucket') || bucketOf({ stage, region, account: '*' }),
      database: `${service.service}_${stage}`,
      rolePath: parameter('rolePath'),
      kmsKey: parameter('kmsKey'),
      permissionsBoundary: parameter('permissionsBoundary'),
      insightsLayer: parameter('insightsLayer'),
      isInVpc: parameter('subnets') !== '',
    });
    const folder = this.options.package ?? service.package.path ?? join(serviceDir, '.serverless');
    await mkdir(folder, { recursive: true });
    for (const [index, document] of policies.entries()) {
      await writeFile(join(folder, `deployer-policy-${index + 1}.json`), `${JSON.stringify(document, null, 2)}\n`);
    }
  }
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
