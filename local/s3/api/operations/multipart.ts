import { createHash } from 'node:crypto';
import { s3 } from '../../../../shared/limits.js';
import { type Checksum, type ChecksumType, checksumAlgorithms } from '../../store/description.js';
import type { Upload, UploadedPart } from '../../store/multipartUploads.js';
import type { ObjectFolder } from '../../store/objectFolder.js';
import { type Backend, bucketFor, bucketNamed, type S3Operation, withObject, writeStaged } from '../backend.js';
import { checksumHeader, checksumOf, compositeChecksum, isChecksumAlgorithm } from '../checksums.js';
import { checkCopySource, writeCondition } from '../conditions.js';
import { Digest } from '../digest.js';
import type { Elements } from '../elements.js';
import { describedBy, encrypted, isoSeconds, quoted } from '../objectHeaders.js';
import { anyMetadata, bodyChecksums, defaultStorage } from '../operation.js';
import type { S3Request } from '../request.js';
import { requestContent, requestText } from '../requestContent.js';
import { invalidArgument, invalidRequest, malformedXml, S3Error } from '../s3Error.js';
import { tagsInHeader } from '../tags.js';
import { XmlElement, xmlReply } from '../xml.js';
import { copyConditions, copySource, sourceOf } from './copyObject.js';
import { checkEncodingType, countParameter, encoder, owner } from './listObjects.js';

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
    await bucket.uploads.addPart(upload, await bucket.uploads.stage([bytes]), part);
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
      return bucket.uploads.stage(digest.through(bytes));
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
    const { bucket: name, key, headers } = request;
    const { bucket, upload } = await uploadOf(request, backend);
    const precondition = writeCondition(headers, key);
    const parts = chosenParts(requestText(request), upload, await bucket.uploads.parts(upload));
    checkSize(request, parts);
    const digest = new Digest(upload.checksum.algorithm);
    const staged = await bucket.stage(digest.through(bucket.uploads.bytes(upload, parts)));
    const description = {
      etag: etagOf(parts),
      headers: upload.headers,
      metadata: upload.metadata,
      tags: upload.tags,
      checksum: await objectChecksum(upload, parts, (await digest.result()).checksum),
      parts: parts.map(({ number, size, checksums }) => ({
        number,
        size,
        checksum: checksums[upload.checksum.algorithm],
      })),
    };
    await writeStaged(bucket, key, staged, description, (current) => {
      checkChecksum(request, description.checksum);
      precondition(current);
    });
    await bucket.uploads.remove(upload);
    const reply = xmlReply(200, 'CompleteMultipartUploadResult', {
      Location: `http://${headers.host ?? 'localhost'}/${name}/${key}`,
      Bucket: name,
      Key: key,
      ETag: quoted(description.etag),
      [`Checksum${description.checksum.algorithm}`]: description.checksum.value,
      ChecksumType: description.checksum.type,
    });
    return { ...reply, headers: { ...reply.headers, ...encrypted } };
  },
};

/** The parts that the client names, which have to be those that it uploaded. */
function chosenParts(text: string, upload: Upload, uploaded: readonly UploadedPart[]): UploadedPart[] {
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  const named = XmlElement.read(text, 'CompleteMultipartUpload').all('Part');
  if (named.length === 0) throw malformedXml();
  const chosen = named.map((element) => {
    const number = Number(element.required('PartNumber'));
    const part = byNumber.get(number);
    const etag = element.required('ETag').replaceAll('"', '');
    if (!part || part.etag !== etag || !sameChecksums(element, part)) throw invalidPart(upload, number, etag);
    if (
      upload.checksum.named &&
      upload.checksum.type === 'COMPOSITE' &&
      element.text(`Checksum${upload.checksum.algorithm}`) === undefined
    ) {
      throw invalidRequest(
        `The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    return part;
  });
  chosen.forEach((part, index) => {
    const before = chosen[index - 1];
    if (before && before.number >= part.number) {
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        400,
        {
          UploadId: upload.id,
        },
      );
    }
    if (index < chosen.length - 1 && part.size < s3.minPartBytes) {
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ETag: part.etag,
        PartNumber: part.number,
        ProposedSize: part.size,
        MinSizeAllowed: s3.minPartBytes,
      });
    }
  });
  return chosen;
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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: S3Operation = {
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  on: 'object',
  marks: ['uploadId'],
  async run(request, backend) {
    const { bucket, upload } = await uploadOf(request, backend);
    await bucket.uploads.remove(upload);
    return { status: 204, headers: {}, body: '' };
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: S3Operation = {
  name: 'ListParts',
  method: 'GET',
  on: 'object',
  marks: ['uploadId'],
  parameters: ['max-parts', 'part-number-marker'],
  async run(request, backend) {
    const { bucket: name, key, query } = request;
    const { bucket, upload } = await uploadOf(request, backend);
    const max = countParameter(query, 'max-parts', 'max-parts');
    const marker = Number(query.get('part-number-marker') ?? 0);
    const left = (await bucket.uploads.parts(upload)).filter(({ number }) => number > marker);
    const page = left.slice(0, max);
    const { algorithm, type, named } = upload.checksum;
    return xmlReply(200, 'ListPartsResult', {
      Bucket: name,
      Key: key,
      UploadId: upload.id,
      Initiator: owner,
      Owner: owner,
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: max,
      IsTruncated: left.length > page.length,
      ...(named ? { ChecksumAlgorithm: algorithm, ChecksumType: type } : {}),
      Part: page.map(({ number, etag, size, modified, checksums }) => ({
        PartNumber: number,
        LastModified: isoSeconds(modified),
        ETag: quoted(etag),
        Size: size,
        ...(named ? { [`Checksum${algorithm}`]: checksums[algorithm] } : {}),
      })),
    });
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads: S3Operation = {
  name: 'ListMultipartUploads',
  method: 'GET',
  on: 'bucket',
  marks: ['uploads'],
  parameters: ['prefix', 'key-marker', 'upload-id-marker', 'max-uploads', 'encoding-type'],
  async run({ bucket: name, query }, backend) {
    checkEncodingType(query);
    const bucket = await bucketNamed(backend, name);
    const [prefix, keyMarker, idMarker] = ['prefix', 'key-marker', 'upload-id-marker'].map(
      (each) => query.get(each) ?? '',
    );
    const max = countParameter(query, 'max-uploads', 'max-uploads');
    const uploads = await bucket.uploads.list();
    const after = uploads.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
    const left = uploads.filter(
      ({ key }, index) => key.startsWith(prefix ?? '') && (after === -1 ? key > (keyMarker ?? '') : index > after),
    );
    const page = left.slice(0, max);
    const [encoded, last] = [encoder(query), page.at(-1)];
    return xmlReply(200, 'ListMultipartUploadsResult', {
      Bucket: name,
      KeyMarker: encoded(keyMarker ?? ''),
      UploadIdMarker: idMarker,
      ...(left.length > page.length && last ? { NextKeyMarker: encoded(last.key), NextUploadIdMarker: last.id } : {}),
      Prefix: encoded(prefix ?? ''),
      ...(query.has('encoding-type') ? { EncodingType: 'url' } : {}),
      MaxUploads: max,
      IsTruncated: left.length > page.length,
      Upload: page.map((upload) => uploadElements(upload, encoded)),
    });
  },
};

function uploadElements({ id, key, initiated, checksum }: Upload, encoded: (key: string) => string): Elements {
  return {
    Key: encoded(key),
    UploadId: id,
    Initiator: owner,
    Owner: owner,
    StorageClass: 'STANDARD',
    Initiated: isoSeconds(initiated),
    ...(checksum.named ? { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type } : {}),
  };
}

/** @throws S3Error when there is no such upload of this key. */
async function uploadOf(request: S3Request, backend: Backend): Promise<{ bucket: ObjectFolder; upload: Upload }> {
  const bucket = await bucketFor(request, backend);
  const id = request.query.get('uploadId') ?? '';
  const upload = await bucket.uploads.find(id);
  if (upload?.key === request.key) return { bucket, upload };
  throw new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: id },
  );
}

function partNumber({ query }: S3Request): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= s3.maxParts) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${s3.maxParts}, inclusive`, 'partNumber', text);
}
