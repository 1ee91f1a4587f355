import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import type { Json } from '../../local/queue/parameters.js';
import { operations } from '../../local/s3/api/operations/index.js';
import { S3Api } from '../../local/s3/api/s3Api.js';
import { BucketFolders } from '../../local/s3/store/bucketFolders.js';

/** The local S3 behind its HTTP front, over folders below `s3/`. */
export interface S3Endpoint {
  readonly url: string;
  readonly port: number;
  readonly client: S3Client;
  readonly buckets: BucketFolders;
  /** What the endpoint could not answer. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** The bucket that the stack deploys, there from the beginning. */
export const deployedBucket = 'logs';

/** @param sqs answers for a queue at the same address */
export async function openS3(
  data: string,
  region = 'us-east-1',
  sqs: (operation: string, input: Json) => Promise<Json> = async () => ({}),
): Promise<S3Endpoint> {
  const buckets = new BucketFolders(join(data, 's3'), join(data, 'written'));
  buckets.open(deployedBucket, join(data, 'staging'));
  const api = new S3Api(operations, { buckets, region, deployed: deployedBucket });
  const problems: string[] = [];
  const problem = (message: string) => void problems.push(message);
  const server: Server = createServer(
    awsFront({
      firehose: async () => ({}),
      sqs,
      s3: (request, body) => api.handle(request, body, problem),
      problem,
    }),
  );
  const port = await listen(server, 0, 'test');
  const url = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new S3Client({
    endpoint: url,
    region,
    credentials,
    forcePathStyle: true,
    disableHostPrefix: true,
    maxAttempts: 1,
  });
  return {
    url,
    port,
    client,
    buckets,
    problems,
    async close() {
      client.destroy();
      await closeServer(server);
    },
  };
}
