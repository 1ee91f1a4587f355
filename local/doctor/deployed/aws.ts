import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { GetPolicyCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, paginateListObjectsV2, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, type Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { writtenParameters } from '../../../shared/deploy/writtenParameters.js';
import { allRows } from '../../query/answer.js';
import { askAthena } from '../../query/athena/ask.js';
import { roleOf, stackOf, streamOf, unless } from './described.js';
import type {
  DeployedFunction,
  DeployedPolicy,
  DeployedRole,
  DeployedStack,
  DeployedStage,
  DeployedStream,
} from './stage.js';

/** How a stage is reached: with the credentials and the region of the environment, unless it says otherwise. */
type Reached = Pick<S3ClientConfig, 'endpoint' | 'region' | 'credentials' | 'forcePathStyle'>;

/** The most names that ssm:GetParameters takes: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const maxNames = 10;

/** Asks AWS, each request for 20 s at most. Closing it ends its connections. */
export class DeployedInAws implements DeployedStage {
  private readonly stage: string;
  private readonly athena: AthenaClient;
  private readonly cloudFormation: CloudFormationClient;
  private readonly cloudWatch: CloudWatchClient;
  private readonly dynamo: DynamoDBClient;
  private readonly firehose: FirehoseClient;
  private readonly iam: IAMClient;
  private readonly lambda: LambdaClient;
  private readonly s3: S3Client;
  private readonly sqs: SQSClient;
  private readonly ssm: SSMClient;

  constructor(stage: string, reached: Reached = {}) {
    const { forcePathStyle, ...others } = reached;
    const settings = {
      ...others,
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 5000, requestTimeout: 20_000, throwOnRequestTimeout: true },
    };
    this.stage = stage;
    this.athena = new AthenaClient(settings);
    this.cloudFormation = new CloudFormationClient(settings);
    this.cloudWatch = new CloudWatchClient(settings);
    this.dynamo = new DynamoDBClient(settings);
    this.firehose = new FirehoseClient(settings);
    this.iam = new IAMClient(settings);
    this.lambda = new LambdaClient(settings);
    this.s3 = new S3Client({ ...settings, ...(forcePathStyle === undefined ? {} : { forcePathStyle }) });
    this.sqs = new SQSClient(settings);
    this.ssm = new SSMClient(settings);
  }

  async region(): Promise<string> {
    return await this.cloudFormation.config.region();
  }

  async stack(name: string): Promise<DeployedStack | undefined> {
    const described = await this.cloudFormation
      .send(new DescribeStacksCommand({ StackName: name }))
      // The only way in which CloudFormation says so.
      .catch(unless((error) => error.name === 'ValidationError' && /does not exist/.test(error.message)));
    const [stack] = described?.Stacks ?? [];
    return stack && stackOf(stack);
  }

  async parameters(stack: string): Promise<Readonly<Record<string, string>> | undefined> {
    const command = new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' });
    const { TemplateBody = '{}' } = await this.cloudFormation.send(command);
    return writtenParameters(JSON.parse(TemplateBody));
  }

  async stream(name: string): Promise<DeployedStream | undefined> {
    const described = await this.firehose
      .send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }))
      .catch(unless((error) => error.name === 'ResourceNotFoundException'));
    return described?.DeliveryStreamDescription && streamOf(described.DeliveryStreamDescription);
  }

  async function(name: string): Promise<DeployedFunction | undefined> {
    const found = await this.lambda
      .send(new GetFunctionConfigurationCommand({ FunctionName: name }))
      .catch(unless((error) => error.name === 'ResourceNotFoundException'));
    return (
      found && {
        // Servers that stand in for Lambda may leave both out.
        state: found.State ?? 'Active',
        update: found.LastUpdateStatus ?? 'Successful',
        reason: found.LastUpdateStatusReason ?? found.StateReason,
        runtime: found.Runtime,
        role: found.Role,
      }
    );
  }

  async role(arn: string): Promise<DeployedRole | undefined> {
    const found = await this.iam
      .send(new GetRoleCommand({ RoleName: arn.split('/').at(-1) }))
      .catch(unless((error) => error.name === 'NoSuchEntityException'));
    return found?.Role && roleOf(found.Role);
  }

  async policy(arn: string): Promise<DeployedPolicy | undefined> {
    const found = await this.iam
      .send(new GetPolicyCommand({ PolicyArn: arn }))
      .catch(unless((error) => error.name === 'NoSuchEntityException'));
    return found && { attachments: found.Policy?.AttachmentCount ?? 0 };
  }

  async parameterTypes(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.ssmParameters(names, false);
    return new Map(found.map(({ Name = '', Type = '' }) => [Name, Type]));
  }

  async secretValues(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.ssmParameters(names, true);
    return new Map(found.map(({ Name = '', Value = '' }) => [Name, Value]));
  }

  private async ssmParameters(names: readonly string[], WithDecryption: boolean): Promise<Parameter[]> {
    const found: Parameter[] = [];
    for (let from = 0; from < names.length; from += maxNames) {
      const command = new GetParametersCommand({ Names: names.slice(from, from + maxNames), WithDecryption });
      found.push(...((await this.ssm.send(command)).Parameters ?? []));
    }
    return found;
  }

  async waiting(queueUrl: string): Promise<number | undefined> {
    const command = new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const found = await this.sqs.send(command).catch(unless((error) => error.name === 'QueueDoesNotExist'));
    return found && Number(found.Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  async tableStatus(name: string): Promise<string | undefined> {
    const found = await this.dynamo
      .send(new DescribeTableCommand({ TableName: name }))
      .catch(unless((error) => error.name === 'ResourceNotFoundException'));
    return found?.Table?.TableStatus;
  }

  async ringing(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    const asked = { AlarmNamePrefix: prefix, StateValue: 'ALARM' as const };
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: this.cloudWatch }, asked)) {
      names.push(...MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []));
    }
    return names;
  }

  async put(stream: string, data: Uint8Array): Promise<void> {
    await this.firehose.send(new PutRecordCommand({ DeliveryStreamName: stream, Record: { Data: data } }));
  }

  async objects(bucket: string, prefix: string) {
    const listed = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.s3 },
      { Bucket: bucket, Prefix: prefix },
    )) {
      listed.push(...Contents);
    }
    return listed.map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key,
      bytes: Size,
      writtenAt: LastModified?.getTime() ?? 0,
    }));
  }

  async object(bucket: string, key: string): Promise<Uint8Array | undefined> {
    const found = await this.s3
      .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      .catch(unless((error) => error.name === 'NoSuchKey'));
    return found?.Body?.transformToByteArray();
  }

  async invoke(name: string, event: string) {
    const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(event) });
    const { Payload, FunctionError } = await this.lambda.send(command);
    return { payload: Buffer.from(Payload ?? []).toString('utf8'), failed: FunctionError !== undefined };
  }

  async ask(sql: string, signal: AbortSignal) {
    const place = { stage: this.stage, workgroup: `firesplit-${this.stage}`, database: `firesplit_${this.stage}` };
    const { answer } = await askAthena(this.athena, sql, place, () => undefined, signal);
    return allRows(answer);
  }

  close(): void {
    const { athena, cloudFormation, cloudWatch, dynamo, firehose, iam, lambda, s3, sqs, ssm } = this;
    for (const client of [athena, cloudFormation, cloudWatch, dynamo, firehose, iam, lambda, s3, sqs, ssm])
      client.destroy();
  }
}
