import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeStackResourcesCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  waitUntilChangeSetCreateComplete,
  waitUntilStackImportComplete,
} from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';

/** Of the bucket in infra/resources/storage.yml. */
const LogicalResourceId = 'LogsBucket';
const ResourceType = 'AWS::S3::Bucket';
const ChangeSetName = 'firesplit-adopt-bucket';
/** Seconds that CloudFormation may take for each step: there is one resource to look at. */
const maxWaitTime = 300;

export interface Adoption {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  /** Of the stack, which exists. */
  readonly stack: string;
  /** The name that the deployment gives the bucket. */
  readonly bucket: string;
}

/**
 * Makes a bucket that an earlier stack has left part of this one, with what is in it: the deployment would fail on its name.
 *
 * @returns whether there was such a bucket
 * @throws Error when the stack has its lines in a bucket of another name, which the deployment would turn away from, and when
 *   the bucket belongs to somebody else
 */
export async function adoptBucket({ cloudFormation, s3, stack, bucket }: Adoption): Promise<boolean> {
  const current = await bucketIn(cloudFormation, stack);
  if (current === bucket) return false;
  if (current !== undefined) {
    throw new Error(
      `the stack ${stack} has its lines in ${current}, and this deployment would go on with ${bucket}, without them. Nothing was ` +
        `changed. To keep them, write \`bucket: ${current}\` under the stage in infra/parameters.yml.`,
    );
  }
  if (!(await isThere(s3, bucket))) return false;
  await importBucket(cloudFormation, stack, bucket);
  return true;
}

async function bucketIn(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName }));
  const found = StackResources.find((resource) => resource.LogicalResourceId === LogicalResourceId);
  return found?.ResourceStatus === 'DELETE_COMPLETE' ? undefined : found?.PhysicalResourceId;
}

async function isThere(client: S3Client, Bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    const why =
      status === 403
        ? 'belongs to another account, or you may not see it'
        : status === 301
          ? 'is in another region'
          : '';
    if (why === '') throw error;
    throw new Error(
      `the bucket ${Bucket} ${why}. Name another one: \`bucket: NAME\` under the stage in infra/parameters.yml.`,
    );
  }
}

/** An import takes what the stack has and one resource more; the deployment then gives the bucket its settings. */
async function importBucket(client: CloudFormationClient, StackName: string, BucketName: string): Promise<void> {
  const { TemplateBody = '{}' } = await client.send(new GetTemplateCommand({ StackName, TemplateStage: 'Original' }));
  const template = JSON.parse(TemplateBody) as { readonly Resources?: Readonly<Record<string, unknown>> };
  const adopted = {
    Type: ResourceType,
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { BucketName },
  };
  const change = { StackName, ChangeSetName };
  // What is left of an earlier attempt.
  await client.send(new DeleteChangeSetCommand(change));
  await client.send(
    new CreateChangeSetCommand({
      ...change,
      ChangeSetType: 'IMPORT',
      TemplateBody: JSON.stringify({ ...template, Resources: { ...template.Resources, [LogicalResourceId]: adopted } }),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      ResourcesToImport: [{ ResourceType, LogicalResourceId, ResourceIdentifier: { BucketName } }],
    }),
  );
  await waitUntilChangeSetCreateComplete({ client, maxWaitTime, minDelay: 2, maxDelay: 5 }, change);
  await client.send(new ExecuteChangeSetCommand(change));
  await waitUntilStackImportComplete({ client, maxWaitTime, minDelay: 2, maxDelay: 5 }, { StackName });
}
