import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import BucketPlugin from '../../../tools/deploy/bucketPlugin.js';

const derived = 'firesplit-prod-logs-111122223333-eu-west-1';
let told: string[];
let asked: unknown[];
let closed: number;

class ShownError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** An account where the stack has a bucket, or none, and S3 answers a HEAD of any other with a status. */
async function deploy(
  params: Record<string, unknown>,
  { inStack, status = 404 }: { inStack?: string; status?: number },
) {
  [told, asked, closed] = [[], [], 0];
  jest.spyOn(CloudFormationClient.prototype, 'send').mockImplementation((async (command: unknown) => {
    if (!(command instanceof DescribeStackResourcesCommand)) throw new Error('an import was begun');
    asked.push(command.input.StackName);
    return { StackResources: inStack ? [{ LogicalResourceId: 'LogsBucket', PhysicalResourceId: inStack }] : [] };
  }) as CloudFormationClient['send']);
  jest.spyOn(S3Client.prototype, 'send').mockImplementation((async (command: unknown) => {
    if (command instanceof HeadBucketCommand) asked.push(command.input.Bucket);
    if (status === 200) return {};
    throw new S3ServiceException({ name: 'Unknown', $fault: 'client', $metadata: { httpStatusCode: status } });
  }) as S3Client['send']);
  for (const { prototype } of [CloudFormationClient, S3Client]) {
    jest.spyOn(prototype, 'destroy').mockImplementation(() => {
      closed += 1;
    });
  }
  const provider = {
    naming: { getStackName: () => 'firesplit-prod' },
    getAwsSdkV3Config: async () => ({ region: 'eu-west-1' }),
    getAccountId: async () => '111122223333',
    getStage: () => 'prod',
    getRegion: () => 'eu-west-1',
  };
  const serverless = {
    serviceDir: '.',
    configurationInput: { params: { default: { bucket: '' }, prod: params } },
    processedInput: { commands: ['deploy'], options: {} },
    classes: { Error: ShownError },
    getProvider: () => provider,
  };
  const plugin = new BucketPlugin(serverless, {}, { log: { notice: (text) => void told.push(text) } });
  await plugin.hooks['after:aws:deploy:deploy:createStack']?.();
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the bucket, before anything is deployed to the stack', () => {
  it('is looked for under the name that the template gives it', async () => {
    await deploy({}, {});
    expect([asked, told, closed]).toEqual([['firesplit-prod', derived], [], 2]);
    await deploy({ bucket: 'logs-of-all' }, {});
    expect(asked).toEqual(['firesplit-prod', 'logs-of-all']);
  });

  it('is left alone where the stack has it', async () => {
    await deploy({}, { inStack: derived, status: 200 });
    expect([asked, told]).toEqual([['firesplit-prod'], []]);
  });

  it('stops a deployment that would turn away from it, as an error that the framework shows', async () => {
    await expect(deploy({}, { inStack: 'logs-before' })).rejects.toMatchObject({
      code: 'FIRESPLIT_BUCKET',
      message: expect.stringMatching(/has its lines in logs-before.*`bucket: logs-before` under the stage/),
    });
    await expect(deploy({}, { status: 403 })).rejects.toThrow(/belongs to another account/);
    await expect(deploy({}, { status: 301 })).rejects.toThrow(/is in another region/);
    expect(closed).toBe(2);
  });

  it('is taken over where an earlier stack has left it, and that is told', async () => {
    await expect(deploy({}, { status: 200 })).rejects.toThrow('an import was begun');
    expect(told).toEqual([]);
  });
});
