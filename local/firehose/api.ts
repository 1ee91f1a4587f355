import { randomBytes } from 'node:crypto';
import { firehose } from '../../shared/limits.js';
import { AwsError, serializationError, validationError } from '../aws/awsError.js';
import { configurationVersion } from './deliveryStage.js';
import type { DeliveryStream, Sender } from './deliveryStream.js';
import { reason } from './ledger.js';

type Input = { readonly [member: string]: unknown };
type Output = { readonly [member: string]: unknown };

/** As AWS words the message of its own throttling. */
const slowDown = 'Slow down.';

/**
 * The Firehose API of one stream: the target's operation and the request's JSON in, the answer's JSON out.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/
 */
export class FirehoseApi {
  constructor(
    private readonly stream: DeliveryStream,
    private readonly accountId: string,
  ) {}

  /** @throws AwsError with the code and text of AWS. */
  async handle(operation: string, input: Input, sender: Sender): Promise<Output> {
    switch (operation) {
      case 'PutRecord':
        return this.putRecord(input, sender);
      case 'PutRecordBatch':
        return this.putRecordBatch(input, sender);
      case 'DescribeDeliveryStream':
        return this.describe(input);
      case 'ListDeliveryStreams':
        return this.list(input);
      default:
        throw new AwsError('UnknownOperationException', `The local Firehose does not know ${operation}.`);
    }
  }

  private async putRecord(input: Input, sender: Sender): Promise<Output> {
    const problems: string[] = [];
    const name = streamName(input, problems);
    const data = dataOf(input.Record, 'record', problems);
    if (problems.length > 0 || data === undefined) throw validationError(problems);
    this.find(name);
    const accepted = await this.accept([data], sender);
    if (accepted === 0) throw new AwsError('ServiceUnavailableException', slowDown, 503);
    return { RecordId: recordIds(1)[0], Encrypted: false };
  }

  private async putRecordBatch(input: Input, sender: Sender): Promise<Output> {
    const problems: string[] = [];
    const name = streamName(input, problems);
    const records = recordsOf(input, problems);
    if (problems.length > 0) throw validationError(problems);
    this.find(name);
    if (records.reduce((sum, data) => sum + data.length, 0) > firehose.maxBatchBytes) {
      throw new AwsError('InvalidArgumentException', 'Records size exceeds 4 MB limit');
    }
    const accepted = await this.accept(records, sender);
    const ids = recordIds(accepted);
    return {
      FailedPutCount: records.length - accepted,
      Encrypted: false,
      RequestResponses: records.map((_, index) =>
        index < accepted
          ? { RecordId: ids[index] }
          : { ErrorCode: 'ServiceUnavailableException', ErrorMessage: slowDown },
      ),
    };
  }

  private async accept(records: readonly Buffer[], sender: Sender): Promise<number> {
    try {
      return await this.stream.put(records, sender);
    } catch (error) {
      throw new AwsError('ServiceUnavailableException', `The journal could not be written: ${reason(error)}`, 503);
    }
  }

  private describe(input: Input): Output {
    const problems: string[] = [];
    const name = streamName(input, problems);
    if (problems.length > 0) throw validationError(problems);
    this.find(name);
    const { config, createdAt } = this.stream;
    // What a template leaves out, Firehose echoes with its defaults; `--flush` is no part of the configuration.
    const destination = {
      BufferingHints: {
        SizeInMBs: firehose.defaultBufferBytes / (1024 * 1024),
        IntervalInSeconds: firehose.defaultBufferInterval / 1000,
      },
      CompressionFormat: 'UNCOMPRESSED',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      S3BackupMode: 'Disabled',
      ...config.destination,
    };
    return {
      DeliveryStreamDescription: {
        DeliveryStreamName: config.name,
        DeliveryStreamARN: config.arn,
        DeliveryStreamStatus: 'ACTIVE',
        DeliveryStreamType: 'DirectPut',
        VersionId: String(configurationVersion),
        CreateTimestamp: createdAt / 1000,
        Destinations: [{ DestinationId: 'destinationId-000000000001', ExtendedS3DestinationDescription: destination }],
        HasMoreDestinations: false,
      },
    };
  }

  private list({ Limit, DeliveryStreamType, ExclusiveStartDeliveryStreamName: after }: Input): Output {
    if (Limit !== undefined && !(Number.isInteger(Limit) && Number(Limit) >= 1 && Number(Limit) <= 10_000)) {
      throw validationError([
        `Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000 and greater than or equal to 1`,
      ]);
    }
    const { name } = this.stream.config;
    const listed = (DeliveryStreamType ?? 'DirectPut') === 'DirectPut' && !(typeof after === 'string' && after >= name);
    return { DeliveryStreamNames: listed ? [name] : [], HasMoreDeliveryStreams: false };
  }

  private find(name: string): void {
    if (name === this.stream.config.name) return;
    throw new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${this.accountId} not found.`);
  }
}

function streamName({ DeliveryStreamName: name }: Input, problems: string[]): string {
  const at = "at 'deliveryStreamName' failed to satisfy constraint:";
  if (name === undefined || name === null) problems.push(`Value ${at} Member must not be null`);
  else if (typeof name !== 'string') throw serializationError('DeliveryStreamName must be a string');
  else if (name.length === 0) problems.push(`Value '' ${at} Member must have length greater than or equal to 1`);
  else if (name.length > 64) problems.push(`Value '${name}' ${at} Member must have length less than or equal to 64`);
  else if (!firehose.streamName.test(name)) {
    problems.push(`Value '${name}' ${at} Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`);
  }
  return String(name);
}

function recordsOf({ Records: records }: Input, problems: string[]): Buffer[] {
  const at = "at 'records' failed to satisfy constraint:";
  if (records === undefined || records === null) {
    problems.push(`Value ${at} Member must not be null`);
    return [];
  }
  if (!Array.isArray(records)) throw serializationError('Records must be a list');
  if (records.length === 0) problems.push(`Value '[]' ${at} Member must have length greater than or equal to 1`);
  if (records.length > firehose.maxBatchRecords) {
    problems.push(`Value ${at} Member must have length less than or equal to ${firehose.maxBatchRecords}`);
    return [];
  }
  return records.flatMap((record, index) => dataOf(record, `records.${index + 1}.member`, problems) ?? []);
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function dataOf(record: unknown, member: string, problems: string[]): Buffer | undefined {
  if (record === undefined || record === null) {
    problems.push(`Value at '${member}' failed to satisfy constraint: Member must not be null`);
    return undefined;
  }
  if (typeof record !== 'object') throw serializationError('A record must be a structure');
  const data = (record as { readonly Data?: unknown }).Data;
  const at = `at '${member}.data' failed to satisfy constraint:`;
  if (data === undefined || data === null) {
    problems.push(`Value ${at} Member must not be null`);
    return undefined;
  }
  if (typeof data !== 'string' || !base64.test(data)) throw serializationError('Data must be base64');
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > firehose.maxRecordBytes) {
    problems.push(`Value ${at} Member must have length less than or equal to ${firehose.maxRecordBytes}`);
  }
  return bytes;
}

/** Opaque, and unlike the ids that the transform sees. */
function recordIds(count: number): string[] {
  const bytes = 96;
  const random = randomBytes(count * bytes);
  return Array.from({ length: count }, (_, index) => random.toString('base64', index * bytes, (index + 1) * bytes));
}
