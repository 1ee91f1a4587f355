import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { RecordStream } from '../../shared/partitions/storage.js';

const client = new FirehoseClient({});

/** The Firehose stream of this name. */
export function firehoseStream(name: string): RecordStream {
  return {
    async putBatch(records) {
      const { FailedPutCount, RequestResponses = [] } = await client.send(
        new PutRecordBatchCommand({ DeliveryStreamName: name, Records: records.map((Data) => ({ Data })) }),
      );
      // A batch may be taken in part, with status 200: the answers stand in the order of the records.
      return FailedPutCount ? records.filter((_, index) => RequestResponses[index]?.ErrorCode) : [];
    },
  };
}
