import { AwsError } from '../../aws/awsError.js';
import type { Sender } from '../stream/deliveryStream.js';
import type { RegisteredStream, Streams } from '../stream/streams.js';
import { createDeliveryStream, deleteDeliveryStream, listDeliveryStreams, updateDestination } from './controlPlane.js';
import { describeDeliveryStream } from './describe.js';
import { startEncryption, stopEncryption } from './encryption.js';
import { putRecord, putRecordBatch } from './puts.js';
import * as requests from './requests.js';
import { type Json, readRequest, type StructureShape, type ValueOf } from './shapes.js';
import { listTags, tag, untag } from './tags.js';

/**
 * The Firehose API: an operation and the request's JSON in, the answer's JSON out.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/
 */
export class FirehoseApi {
  constructor(private readonly streams: Streams) {}

  /** @throws AwsError with the code and text of AWS. */
  async handle(operation: string, input: Json, sender: Sender, invocation?: string): Promise<Json> {
    const { streams } = this;
    switch (operation) {
      case 'PutRecord':
        return putRecord(streams, input, sender, invocation);
      case 'PutRecordBatch':
        return putRecordBatch(streams, input, sender, invocation);
      case 'CreateDeliveryStream':
        return createDeliveryStream(streams, readRequest(requests.createDeliveryStream, input));
      case 'DeleteDeliveryStream':
        return deleteDeliveryStream(streams, readRequest(requests.deleteDeliveryStream, input));
      case 'ListDeliveryStreams':
        return listDeliveryStreams(streams, readRequest(requests.listDeliveryStreams, input));
      case 'UpdateDestination':
        return this.change(requests.updateDestination, input, updateDestination);
      case 'DescribeDeliveryStream':
        return this.on(requests.describeDeliveryStream, input, describeDeliveryStream);
      case 'TagDeliveryStream':
        return this.on(requests.tagDeliveryStream, input, tag);
      case 'UntagDeliveryStream':
        return this.on(requests.untagDeliveryStream, input, untag);
      case 'ListTagsForDeliveryStream':
        return this.on(requests.listTagsForDeliveryStream, input, listTags);
      case 'StartDeliveryStreamEncryption':
        return this.change(requests.startDeliveryStreamEncryption, input, startEncryption);
      case 'StopDeliveryStreamEncryption':
        return this.change(requests.stopDeliveryStreamEncryption, input, stopEncryption);
      default:
        throw new AwsError('UnknownOperationException', `Firehose has no operation ${operation}.`);
    }
  }

  /** Reads a request about one stream and hands it on with that stream. */
  private async on<const S extends StructureShape>(
    shape: S,
    input: Json,
    operation: (stream: RegisteredStream, request: ValueOf<S>) => Json | Promise<Json>,
  ): Promise<Json> {
    const request = readRequest(shape, input);
    return operation(this.streams.find(String(input.DeliveryStreamName)), request);
  }

  /** The same for what only an ACTIVE stream can be asked. */
  private async change<const S extends StructureShape>(
    shape: S,
    input: Json,
    operation: (stream: RegisteredStream, request: ValueOf<S>) => Json | Promise<Json>,
  ): Promise<Json> {
    const request = readRequest(shape, input);
    return operation(this.streams.findForChange(String(input.DeliveryStreamName)), request);
  }
}
