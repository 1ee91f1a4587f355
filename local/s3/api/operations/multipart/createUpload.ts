import { type ChecksumType, checksumAlgorithms } from '../../../store/description.js';
import type { Upload } from '../../../store/multipartUploads.js';
import { bucketFor, type S3Operation } from '../../backend.js';
import { isChecksumAlgorithm } from '../../checksums.js';
import { describedBy, encrypted } from '../../objectHeaders.js';
import { anyMetadata, defaultStorage } from '../../operation.js';
import type { S3Request } from '../../request.js';
import { invalidRequest } from '../../s3Error.js';
import { tagsInHeader } from '../../tags.js';
import { xmlReply } from '../../xml.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: S3Operation = {
  name: 'CreateMultipartUpload',
  method: 'POST',
  on: 'object',
  marks: ['uploads'],
  headers: {
    ...anyMetadata,
    ...defaultStorage,
    'x-amz-checksum-algorithm': checksumAlgorithms,
    'x-amz-checksum-type': ['COMPOSITE', 'FULL_OBJECT'],
  },
  async run(request, backend) {
    const { bucket: name, key, headers } = request;
    const bucket = await bucketFor(request, backend);
    const checksum = checksumFor(request);
    const tags = tagsInHeader(headers['x-amz-tagging']);
    const { id } = await bucket.uploads.create({ key, ...describedBy(headers), tags, checksum });
    const reply = xmlReply(200, 'InitiateMultipartUploadResult', { Bucket: name, Key: key, UploadId: id });
    const named = { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type };
    return { ...reply, headers: { ...reply.headers, ...encrypted, ...(checksum.named ? named : {}) } };
  },
};

/** The checksum that the object is to have, with S3's defaults: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
function checksumFor({ headers }: S3Request): Upload['checksum'] {
  const asked = String(headers['x-amz-checksum-algorithm'] ?? '');
  const type = headers['x-amz-checksum-type'] as ChecksumType | undefined;
  if (!isChecksumAlgorithm(asked)) {
    if (type !== undefined)
      throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    return { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', named: false };
  }
  const possible: readonly ChecksumType[] =
    asked === 'CRC64NVME' ? ['FULL_OBJECT'] : asked.startsWith('SHA') ? ['COMPOSITE'] : ['COMPOSITE', 'FULL_OBJECT'];
  const chosen = type ?? possible[0] ?? 'COMPOSITE';
  if (!possible.includes(chosen)) {
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${asked.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm: asked, type: chosen, named: true };
}
