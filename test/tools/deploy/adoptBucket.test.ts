import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { adoptBucket } from '../../../tools/deploy/adoptBucket.js';

const config = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const bucket = 'firesplit-prod-logs-111122223333-us-east-1';
const template = { Resources: { ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' } } };

/** An account in which the stack has a bucket, and S3 answers a HEAD of the wanted one with a status. */
function account({ stackBucket, status }: { readonly stackBucket?: string; readonly status: number }) {
  const cloudFormation = new CloudFormationClient(config);
  const s3 = new S3Client(config);
  const imported: CreateChangeSetCommandInput[] = [];
  let executed = 0;
  const answer = async (command: unknown): Promise<object> => {
    if (command instanceof DescribeStackResourcesCommand) {
      return {
        StackResources: stackBucket ? [{ LogicalResourceId: 'LogsBucket', PhysicalResourceId: stackBucket }] : [],
      };
    }
    if (command instanceof GetTemplateCommand) return { TemplateBody: JSON.stringify(template) };
    if (command instanceof CreateChangeSetCommand) imported.push(command.input);
    if (command instanceof DescribeChangeSetCommand) return { Status: 'CREATE_COMPLETE' };
    if (command instanceof ExecuteChangeSetCommand) executed += 1;
    if (command instanceof DescribeStacksCommand) return { Stacks: [{ StackStatus: 'IMPORT_COMPLETE' }] };
    return {};
  };
  jest.spyOn(cloudFormation, 'send').mockImplementation(answer as typeof cloudFormation.send);
  const head = async () => {
    if (status === 200) return {};
    throw new S3ServiceException({ name: 'Unknown', $fault: 'client', $metadata: { httpStatusCode: status } });
  };
  jest.spyOn(s3, 'send').mockImplementation(head as typeof s3.send);
  return {
    adopt: () => adoptBucket({ cloudFormation, s3, stack: 'firesplit-prod', bucket }),
    imported,
    executed: () => executed,
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the bucket that an earlier stack has left', () => {
  it('becomes part of the stack, beside what that has', async () => {
    const { adopt, imported, executed } = account({ status: 200 });
    expect(await adopt()).toBe(true);
    expect(imported).toMatchObject([
      {
        ChangeSetType: 'IMPORT',
        ResourcesToImport: [
          {
            LogicalResourceId: 'LogsBucket',
            ResourceType: 'AWS::S3::Bucket',
            ResourceIdentifier: { BucketName: bucket },
          },
        ],
      },
    ]);
    expect(JSON.parse(imported[0]?.TemplateBody ?? '')).toEqual({
      Resources: {
        ...template.Resources,
        // CloudFormation imports only what it would keep.
        LogsBucket: {
          ...{ Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
          Properties: { BucketName: bucket },
        },
      },
    });
    expect(executed()).toBe(1);
  });

  it('is left to the deployment when there is none, or when the stack has it', async () => {
    for (const world of [account({ status: 404 }), account({ stackBucket: bucket, status: 200 })]) {
      expect(await world.adopt()).toBe(false);
      expect(world.imported).toEqual([]);
    }
  });

  it('stops the deployment when the stack has its lines in another one, and says how to keep them', async () => {
    const { adopt, imported } = account({ stackBucket: 'firesplit-prod-logs-111122223333', status: 404 });
    await expect(adopt()).rejects.toThrow(/write `bucket: firesplit-prod-logs-111122223333` under the stage/);
    expect(imported).toEqual([]);
  });

  it.each([
    [403, 'belongs to another account'],
    [301, 'is in another region'],
  ])('stops the deployment at %d, since it %s', async (status, why) => {
    await expect(account({ status }).adopt()).rejects.toThrow(new RegExp(`${why}.*Name another one: \`bucket: NAME\``));
  });
});
