import { s3 } from '../../../../../shared/limits.js';
import { type S3Operation, withObject } from '../../backend.js';
import { checksumHeader, checksumOf } from '../../checksums.js';
import { checkCopySource } from '../../conditions.js';
import { Digest } from '../../digest.js';
import { encrypted, isoSeconds, quoted } from '../../objectHeaders.js';
import { bodyChecksums } from '../../operation.js';
import type { S3Request } from '../../request.js';
import { requestContent } from '../../requestContent.js';
import { invalidArgument, invalidRequest } from '../../s3Error.js';
import { xmlReply } from '../../xml.js';
import { copyConditions, copySource, sourceOf } from '../copyObject.js';
import { uploadOf } from './upload.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: S3Operation = {
  name: 'UploadPart',
  method: 'PUT',
  on: 'object',
  marks: ['uploadId', 'partNumber'],
  headers: bodyChecksums,
  async run(request, backend) {
    const { bucket, upload } = await uploadOf(request, backend);
    const number = partNumber(request);
    const { bytes, md5, checksum: given } = await requestContent(request);
    const { algorithm, named } = upload.checksum;
    if (named && given && given.algorithm !== algorithm) {
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${given.algorithm.toLowerCase()}`,
      );
    }
    const own = given?.algorithm === algorithm ? given.value : await checksumOf(algorithm, bytes);
    const checksums = { ...(given ? { [given.algorithm]: given.value } : {}), [algorithm]: own };
    const part = { number, etag: md5, size: bytes.length, checksums };
    await bucket.uploads.addPart(upload, await bucket.uploads.draft([bytes]), part);
    const told = given ?? (named ? { algorithm, value: own } : undefined);
    const checksum = told ? { [checksumHeader(told.algorithm)]: told.value } : {};
    return { status: 200, headers: { etag: quoted(md5), ...encrypted, ...checksum }, body: '' };
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy: S3Operation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  on: 'object',
  marks: ['uploadId', 'partNumber'],
  markedBy: copySource,
  headers: { ...copyConditions, [`${copySource}-range`]: 'any' },
  async run(request, backend) {
    const { bucket, upload } = await uploadOf(request, backend);
    const number = partNumber(request);
    const from = await sourceOf(request, backend);
    const { algorithm, named } = upload.checksum;
    const digest = new Digest(algorithm);
    const staged = await withObject(from.bucket, from.key, async (source) => {
      checkCopySource(request.headers, source);
      const range = copiedRange(request, source.size);
      const bytes = source.file.createReadStream({ ...range, autoClose: false }) as AsyncIterable<Uint8Array>;
      return bucket.uploads.draft(digest.through(bytes));
    });
    const { md5, size, checksum } = await digest.result();
    const part = { number, etag: md5, size, checksums: { [algorithm]: checksum.value } };
    const { modified } = await bucket.uploads.addPart(upload, staged, part);
    return xmlReply(200, 'CopyPartResult', {
      LastModified: isoSeconds(modified),
      ETag: quoted(md5),
      ...(named ? { [`Checksum${algorithm}`]: checksum.value } : {}),
    });
  },
};

function copiedRange({ headers }: S3Request, size: number): { start: number; end?: number } {
  const header = headers[`${copySource}-range`];
  if (header === undefined) return { start: 0 };
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(String(header)) ?? [];
  if (start === undefined || end === undefined || Number(start) > Number(end)) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      `${copySource}-range`,
      String(header),
    );
  }
  if (Number(end) >= size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      `${copySource}-range`,
      String(header),
    );
  }
  return { start: Number(start), end: Number(end) };
}

function partNumber({ query }: S3Request): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= s3.maxParts) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${s3.maxParts}, inclusive`, 'partNumber', text);
}
