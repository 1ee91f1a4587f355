import { checksumAlgorithms } from '../../store/description.js';
import type { ObjectFolder, OpenObject } from '../../store/objectFolder.js';
import { type Backend, bucketFor, bucketNamed, type S3Operation, withObject, writeStaged } from '../backend.js';
import { isChecksumAlgorithm } from '../checksums.js';
import { checkCopySource, writeCondition } from '../conditions.js';
import { Digest } from '../digest.js';
import { describedBy, encrypted, isoSeconds, quoted } from '../objectHeaders.js';
import { anyMetadata, defaultStorage, type KnownHeaders, sourceOwner } from '../operation.js';
import type { S3Request } from '../request.js';
import { invalidArgument, invalidRequest, notImplemented } from '../s3Error.js';
import { tagsInHeader } from '../tags.js';
import { xmlReply } from '../xml.js';

export const copySource = 'x-amz-copy-source';

export const copyConditions: KnownHeaders = {
  [`${copySource}-if-match`]: 'any',
  [`${copySource}-if-none-match`]: 'any',
  [`${copySource}-if-modified-since`]: 'any',
  [`${copySource}-if-unmodified-since`]: 'any',
  ...sourceOwner,
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: S3Operation = {
  name: 'CopyObject',
  method: 'PUT',
  on: 'object',
  markedBy: copySource,
  headers: {
    ...anyMetadata,
    ...defaultStorage,
    ...copyConditions,
    'if-match': 'any',
    'if-none-match': 'any',
    'x-amz-metadata-directive': ['COPY', 'REPLACE'],
    'x-amz-tagging-directive': ['COPY', 'REPLACE'],
    'x-amz-checksum-algorithm': checksumAlgorithms,
  },
  async run(request, backend) {
    const { key, headers } = request;
    const target = await bucketFor(request, backend);
    const from = await sourceOf(request, backend);
    if (from.bucket === target && from.key === key && headers['x-amz-metadata-directive'] !== 'REPLACE') {
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    const precondition = writeCondition(headers, key);
    const { staged, description } = await withObject(from.bucket, from.key, async (source) => {
      checkCopySource(headers, source);
      const digest = new Digest(algorithmFor(request, source));
      const bytes = source.file.createReadStream({ start: 0, autoClose: false }) as AsyncIterable<Uint8Array>;
      const copied = await target.draft(digest.through(bytes));
      const { md5, checksum } = await digest.result();
      return { staged: copied, description: { etag: md5, checksum, ...toldOf(request, source) } };
    });
    const { modified } = await writeStaged(target, key, staged, description, precondition);
    const { algorithm, value, type } = description.checksum;
    const reply = xmlReply(200, 'CopyObjectResult', {
      LastModified: isoSeconds(modified),
      ETag: quoted(description.etag),
      [`Checksum${algorithm}`]: value,
      ChecksumType: type,
    });
    return { ...reply, headers: { ...reply.headers, ...encrypted } };
  },
};

/** `bucket/key` or `/bucket/key`, percent-encoded. */
export async function sourceOf(
  { headers }: S3Request,
  backend: Backend,
): Promise<{ readonly bucket: ObjectFolder; readonly key: string }> {
  const text = String(headers[copySource]);
  const [path = '', query] = text.split('?');
  if (query !== undefined) throw notImplemented('A version of the source of a copy', { Header: copySource });
  const [, name, encoded] = /^\/?([^/]+)\/(.+)$/s.exec(decodedSource(path)) ?? [];
  if (name === undefined || encoded === undefined) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      copySource,
      text,
    );
  }
  return { bucket: await bucketNamed(backend, name), key: encoded };
}

/** S3 reads a `+` as a space here. */
function decodedSource(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('Invalid copy source encoding.', copySource, path);
  }
}

/** The algorithm of the source, if the client wants no other. */
function algorithmFor({ headers }: S3Request, { description }: OpenObject) {
  const asked = String(headers['x-amz-checksum-algorithm'] ?? '');
  if (isChecksumAlgorithm(asked)) return asked;
  return description.checksum?.algorithm ?? 'CRC64NVME';
}

function toldOf({ headers }: S3Request, { description }: OpenObject) {
  const told = headers['x-amz-metadata-directive'] === 'REPLACE' ? describedBy(headers) : description;
  const replaced = headers['x-amz-tagging-directive'] === 'REPLACE';
  return {
    headers: told.headers,
    metadata: told.metadata,
    tags: replaced ? tagsInHeader(headers['x-amz-tagging']) : description.tags,
  };
}
