import { GetObjectCommand, NoSuchKey, S3ServiceException } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { s3 } from '../../../functions/adapters/s3Client.js';
import { s3RefusedBatches } from '../../../functions/adapters/s3RefusedBatches.js';

const batches = s3RefusedBatches('logs');

/** S3, of which a read says `error`, and which lists these keys. */
function answer(error: Error, listed: readonly string[]) {
  const send = async (command: unknown) => {
    if (command instanceof GetObjectCommand) throw error;
    return { Contents: listed.map((Key) => ({ Key })) };
  };
  jest.spyOn(s3, 'send').mockImplementation(send as typeof s3.send);
}

function refusal(status: number): S3ServiceException {
  return new S3ServiceException({
    name: 'AccessDenied',
    message: 'Access Denied',
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  });
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a batch that another sweep took', () => {
  it('is not there, by 404', async () => {
    answer(new NoSuchKey({ message: 'The specified key does not exist.', $metadata: { httpStatusCode: 404 } }), []);
    expect(await batches.read('signals/a.json')).toBeUndefined();
  });

  it('is not there, by 403 of a role that may not ask for the key', async () => {
    answer(refusal(403), ['signals/b.json']);
    expect(await batches.read('signals/a.json')).toBeUndefined();
  });

  it('is told from one that is there and may not be read', async () => {
    answer(refusal(403), ['signals/a.json']);
    await expect(batches.read('signals/a.json')).rejects.toThrow('Access Denied');
  });

  it('is told from any other error', async () => {
    answer(refusal(500), []);
    await expect(batches.read('signals/a.json')).rejects.toThrow('Access Denied');
  });
});
