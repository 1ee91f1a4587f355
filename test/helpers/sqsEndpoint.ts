import { createServer } from 'node:http';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import { FolderQueue, keptLong } from '../../local/queue/folderQueue.js';
import { defaultAttributes } from '../../local/queue/queueAttributes.js';
import { SqsApi } from '../../local/queue/sqsApi.js';
import { FakeClock } from './fakeClock.js';

/** The local SQS behind its HTTP front, with the queue `signals` and that of its dead letters. */
export interface SqsEndpoint {
  readonly url: string;
  readonly client: SQSClient;
  /** That of `signals`. */
  readonly queueUrl: string;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

export const deadLettersArn = 'arn:aws:sqs:us-east-1:000000000000:signals-dead';

export async function openSqs(folder: string): Promise<SqsEndpoint> {
  const clock = new FakeClock();
  const now = () => clock.now();
  const queue = await FolderQueue.open({
    folder: join(folder, 'signals'),
    deadLetters: await FolderQueue.open({ folder: join(folder, 'signals-dead'), attributes: keptLong, now }),
    maxReceives: 2,
    attributes: {
      ...defaultAttributes,
      retention: 3_600_000,
      redrivePolicy: { deadLetterTargetArn: deadLettersArn, maxReceiveCount: 2 },
    },
    now,
  });
  const api = new SqsApi(new Map([['signals', queue]]), { region: 'us-east-1', accountId: '000000000000', clock });
  const server = createServer(
    awsFront({
      firehose: async () => ({}),
      sqs: (operation, input, url) => api.handle(operation, input, url),
      problem: (problem) => {
        throw new Error(problem);
      },
    }),
  );
  const url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
  const client = new SQSClient({
    endpoint: url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  return {
    url,
    client,
    queueUrl: `${url}/000000000000/signals`,
    clock,
    async close() {
      client.destroy();
      await closeServer(server);
    },
  };
}
