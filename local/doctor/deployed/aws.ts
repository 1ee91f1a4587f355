import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, paginateListObjectsV2, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { allRows } from '../../query/answer.js';
import { askAthena } from '../../query/athena/ask.js';
import type { DeployedFunction, DeployedStack, DeployedStage, DeployedStream } from './stage.js';

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
    const stack = described?.Stacks?.[0];
    return (
      stack && {
        status: stack.StackStatus ?? '',
        reason: stack.StackStatusReason,
        deployedAt: (stack.LastUpdatedTime ?? stack.CreationTime)?.getTime() ?? 0,
        outputs: Object.fromEntries(
          (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
        ),
      }
    );
  }

  async stream(name: string): Promise<DeployedStream> {
    const described = await this.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }));
    const { DeliveryStreamStatus: status = '', Destinations = [] } = described.DeliveryStreamDescription ?? {};
    const destination = Destinations[0]?.ExtendedS3DestinationDescription;
    const parameters = (destination?.ProcessingConfiguration?.Processors ?? []).flatMap(
      ({ Parameters = [] }) => Parameters,
    );
    const ofLambda = parameters.find(({ ParameterName }) => ParameterName === 'BufferIntervalInSeconds');
    const seconds = Number(ofLambda?.ParameterValue ?? 0) + (destination?.BufferingHints?.IntervalInSeconds ?? 0);
    return { status, buffering: seconds * 1000 };
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
      }
    );
  }

  async parameterTypes(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const types = new Map<string, string>();
    for (let from = 0; from < names.length; from += maxNames) {
      const command = new GetParametersCommand({ Names: names.slice(from, from + maxNames), WithDecryption: false });
      const { Parameters = [] } = await this.ssm.send(command);
      for (const { Name = '', Type = '' } of Parameters) types.set(Name, Type);
    }
    return types;
  }

  async waiting(queueUrl: string): Promise<number> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  async tableStatus(name: string): Promise<string> {
    const { Table } = await this.dynamo.send(new DescribeTableCommand({ TableName: name }));
    return Table?.TableStatus ?? '';
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

  async ask(sql: string, signal: AbortSignal) {
    const place = { stage: this.stage, workgroup: `firesplit-${this.stage}`, database: `firesplit_${this.stage}` };
    const { answer } = await askAthena(this.athena, sql, place, () => undefined, signal);
    return allRows(answer);
  }

  close(): void {
    const { athena, cloudFormation, cloudWatch, dynamo, firehose, lambda, s3, sqs, ssm } = this;
    for (const client of [athena, cloudFormation, cloudWatch, dynamo, firehose, lambda, s3, sqs, ssm]) client.destroy();
  }
}

/** Makes undefined of an error that says that something isn't there, and throws every other one. */
function unless(isAbsence: (error: Error) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && isAbsence(error)) return undefined;
    throw error;
  };
}
