import { s3 } from '../../../../shared/limits.js';
import type { StoredObject } from '../../store/objectFolder.js';
import { bucketFor, type S3Operation } from '../backend.js';
import type { Elements } from '../elements.js';
import { validators } from '../objectHeaders.js';
import type { S3Request } from '../request.js';
import { invalidArgument, noSuchKey } from '../s3Error.js';
import { xmlReply } from '../xml.js';

const attributesHeader = 'x-amz-object-attributes';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export const getObjectAttributes: S3Operation = {
  name: 'GetObjectAttributes',
  method: 'GET',
  on: 'object',
  marks: ['attributes'],
  headers: { [attributesHeader]: 'any', 'x-amz-max-parts': 'any', 'x-amz-part-number-marker': 'any' },
  async run(request, backend) {
    const object = await (await bucketFor(request, backend)).find(request.key);
    if (!object) throw noSuchKey(request.key);
    const asked = String(request.headers[attributesHeader] ?? '')
      .split(',')
      .map((name) => name.trim());
    const elements = asked.map((name) => {
      const attribute = attributes[name];
      if (!attribute) throw invalidArgument('Invalid attribute name specified.', attributesHeader, name);
      return attribute(object, request);
    });
    const reply = xmlReply(200, 'GetObjectAttributesResponse', Object.assign({}, ...elements));
    return { ...reply, headers: { ...reply.headers, 'last-modified': String(validators(object)['last-modified']) } };
  },
};

const attributes: { readonly [name: string]: (object: StoredObject, request: S3Request) => Elements } = {
  // Without the quotes that it has everywhere else.
  ETag: ({ description }) => ({ ETag: description.etag }),
  Checksum: ({ description: { checksum } }) =>
    checksum ? { Checksum: { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } } : {},
  ObjectParts: objectParts,
  StorageClass: () => ({ StorageClass: 'STANDARD' }),
  ObjectSize: ({ size }) => ({ ObjectSize: size }),
};

function objectParts({ description }: StoredObject, { headers }: S3Request): Elements {
  const { parts, checksum } = description;
  if (!parts) return {};
  const marker = Number(headers['x-amz-part-number-marker'] ?? 0);
  const max = Math.min(Number(headers['x-amz-max-parts'] ?? s3.maxListed), s3.maxListed);
  const left = parts.filter(({ number }) => number > marker);
  const page = left.slice(0, max);
  return {
    ObjectParts: {
      PartsCount: parts.length,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: max,
      IsTruncated: left.length > page.length,
      Part: page.map(({ number, size, checksum: value }) => ({
        PartNumber: number,
        Size: size,
        ...(checksum ? { [`Checksum${checksum.algorithm}`]: value } : {}),
      })),
    },
  };
}
