import { createHash } from 'node:crypto';
import { sqs } from '../../shared/limits.js';
import { AwsError } from '../aws/awsError.js';
import type { FolderQueue } from './folderQueue.js';

type Json = { readonly [member: string]: unknown };

/** What the transform uses of SQS: SendMessage, in AWS JSON 1.0. */
export class SqsApi {
  /** @param queues by name, the last part of a queue's URL. */
  constructor(private readonly queues: ReadonlyMap<string, FolderQueue>) {}

  /** @throws AwsError with the code and text of AWS. */
  async handle(operation: string, input: Json): Promise<Json> {
    if (operation !== 'SendMessage') {
      throw new AwsError('UnknownOperationException', `The local SQS does not know ${operation}.`);
    }
    const queue = this.queues.get(
      String(input.QueueUrl ?? '')
        .split('/')
        .at(-1) ?? '',
    );
    if (!queue) {
      throw new AwsError('com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.');
    }
    const body = input.MessageBody;
    if (typeof body !== 'string' || body === '') {
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    }
    if (Buffer.byteLength(body) > sqs.maxMessageBytes) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${sqs.maxMessageBytes} bytes.`,
      );
    }
    return { MessageId: await queue.send(body), MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
  }
}
