import { createHash } from 'node:crypto';
import { s3 } from '../../../../../shared/limits.js';
import { type Checksum, checksumAlgorithms, type Description } from '../../../store/description.js';
import type { Upload, UploadedPart } from '../../../store/multipartUploads.js';
import { type Backend, bucketFor, type S3Operation, writeStaged } from '../../backend.js';
import { checksumHeader, compositeChecksum } from '../../checksums.js';
import { writeCondition } from '../../conditions.js';
import { Digest } from '../../digest.js';
import { encrypted, quoted } from '../../objectHeaders.js';
import { bodyChecksums } from '../../operation.js';
import type { S3Request } from '../../request.js';
import { requestText } from '../../requestContent.js';
import { invalidRequest, malformedXml, S3Error } from '../../s3Error.js';
import { XmlElement, xmlReply } from '../../xml.js';
import { uploadOf } from './upload.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload: S3Operation = {
  name: 'CompleteMultipartUpload',
  method: 'POST',
  on: 'object',
  marks: ['uploadId'],
  headers: {
    ...bodyChecksums,
    'if-match': 'any',
    'if-none-match': 'any',
    'x-amz-checksum-type': ['COMPOSITE', 'FULL_OBJECT'],
    'x-amz-mp-object-size': 'any',
  },
  async run(request, backend) {
    const { bucket: name, key, headers, query } = request;
    const { uploads } = await bucketFor(request, backend);
    const made = await uploads.complete(query.get('uploadId') ?? '', key, () => complete(request, backend));
    const reply = xmlReply(200, 'CompleteMultipartUploadResult', {
      Location: `http://${headers.host ?? 'localhost'}/${name}/${encodeURIComponent(key)}`,
      Bucket: name,
      Key: key,
      ETag: quoted(made.etag),
      ...(made.checksum
        ? { [`Checksum${made.checksum.algorithm}`]: made.checksum.value, ChecksumType: made.checksum.type }
        : {}),
    });
    return { ...reply, headers: { ...reply.headers, ...encrypted } };
  },
};

async function complete(request: S3Request, backend: Backend): Promise<Description> {
  const { bucket, upload } = await uploadOf(request, backend);
  const precondition = writeCondition(request.headers, request.key);
  const parts = chosenParts(requestText(request), upload, await bucket.uploads.parts(upload));
  checkSize(request, parts);
  const { algorithm } = upload.checksum;
  const digest = new Digest(algorithm);
  const staged = await bucket.draft(digest.through(bucket.uploads.bytes(upload, parts)));
  const checksum = await objectChecksum(upload, parts, (await digest.result()).checksum);
  const description = {
    etag: etagOf(parts),
    headers: upload.headers,
    metadata: upload.metadata,
    tags: upload.tags,
    checksum,
    parts: parts.map(({ number, size, checksums }) => ({ number, size, checksum: checksums[algorithm] })),
  };
  await writeStaged(bucket, request.key, staged, description, (current) => {
    checkChecksum(request, checksum);
    precondition(current);
  });
  await bucket.uploads.remove(upload);
  return description;
}

/** The parts that the client names, which have to be those that it uploaded, in their order. */
function chosenParts(text: string, upload: Upload, uploaded: readonly UploadedPart[]): UploadedPart[] {
  const named = XmlElement.read(text, 'CompleteMultipartUpload').all('Part');
  if (named.length === 0) throw malformedXml();
  checkOrder(named, upload);
  const chosen = named.map((element) => chosenPart(element, upload, uploaded));
  for (const part of chosen.slice(0, -1)) {
    if (part.size < s3.minPartBytes) throw tooSmall(part);
  }
  return chosen;
}

function checkOrder(named: readonly XmlElement[], { id }: Upload): void {
  const numbers = named.map((element) => Number(element.required('PartNumber')));
  if (numbers.every((number, index) => index === 0 || number > Number(numbers[index - 1]))) return;
  const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
  throw new S3Error('InvalidPartOrder', message, 400, { UploadId: id });
}

function chosenPart(element: XmlElement, upload: Upload, uploaded: readonly UploadedPart[]): UploadedPart {
  const { algorithm, type, named } = upload.checksum;
  const number = Number(element.required('PartNumber'));
  const etag = element.required('ETag').replaceAll('"', '');
  const part = uploaded.find((each) => each.number === number);
  if (part?.etag !== etag || !sameChecksums(element, part)) throw invalidPart(upload, number, etag);
  if (named && type === 'COMPOSITE' && element.text(`Checksum${algorithm}`) === undefined) {
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  }
  return part;
}

function sameChecksums(element: XmlElement, part: UploadedPart): boolean {
  return checksumAlgorithms.every((algorithm) => {
    const given = element.text(`Checksum${algorithm}`);
    return given === undefined || part.checksums[algorithm] === given;
  });
}

function invalidPart({ id }: Upload, number: number, etag: string): S3Error {
  return new S3Error(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { UploadId: id, PartNumber: number, ETag: etag },
  );
}

function tooSmall({ number, etag, size }: UploadedPart): S3Error {
  return new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
    ETag: etag,
    PartNumber: number,
    ProposedSize: size,
    MinSizeAllowed: s3.minPartBytes,
  });
}

function checkSize({ headers }: S3Request, parts: readonly UploadedPart[]): void {
  const declared = headers['x-amz-mp-object-size'];
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (declared === undefined || Number(declared) === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${declared} does not match what was computed: ${size}`,
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html#large-object-checksums */
function etagOf(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

async function objectChecksum(
  { checksum }: Upload,
  parts: readonly UploadedPart[],
  whole: Checksum,
): Promise<Checksum> {
  const { algorithm, type } = checksum;
  if (type === 'FULL_OBJECT') return whole;
  const values = parts.map(({ checksums }) => checksums[algorithm] ?? '');
  return { algorithm, value: await compositeChecksum(algorithm, values), type };
}

/** The checksum of the object that the client expects, by the header of its algorithm. */
function checkChecksum({ headers }: S3Request, { algorithm, value, type }: Checksum): void {
  for (const each of checksumAlgorithms) {
    const given = headers[checksumHeader(each)];
    if (given === undefined) continue;
    const same = each === algorithm && (given === value || given === value.replace(/-\d+$/, ''));
    if (!same) throw new S3Error('BadDigest', `The ${each} you specified did not match the calculated checksum.`, 400);
  }
  const expected = headers['x-amz-checksum-type'];
  if (expected !== undefined && expected !== type) {
    throw invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
}
