import type { Reply } from '../../../aws/reply.js';
import { bucketFor, type S3Operation, writeStaged } from '../backend.js';
import { checksumOf } from '../checksums.js';
import { writeCondition } from '../conditions.js';
import { checksumHeaders, describedBy, encrypted, quoted } from '../objectHeaders.js';
import { anyMetadata, bodyChecksums, defaultStorage } from '../operation.js';
import { requestContent } from '../requestContent.js';
import { tagsInHeader } from '../tags.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: S3Operation = {
  name: 'PutObject',
  method: 'PUT',
  on: 'object',
  headers: { ...anyMetadata, ...defaultStorage, ...bodyChecksums, 'if-match': 'any', 'if-none-match': 'any' },
  async run(request, backend): Promise<Reply> {
    const { key, headers } = request;
    const bucket = await bucketFor(request, backend);
    const precondition = writeCondition(headers, key);
    const { bytes, md5, checksum: given } = await requestContent(request);
    const description = {
      etag: md5,
      ...describedBy(headers),
      tags: tagsInHeader(headers['x-amz-tagging']),
      checksum:
        given ??
        ({ algorithm: 'CRC64NVME', value: await checksumOf('CRC64NVME', bytes), type: 'FULL_OBJECT' } as const),
    };
    await writeStaged(bucket, key, await bucket.draft([bytes]), description, precondition);
    return {
      status: 200,
      headers: { etag: quoted(md5), ...encrypted, ...checksumHeaders(description) },
      body: '',
    };
  },
};
