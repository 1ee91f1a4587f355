import { s3 } from '../../../../shared/limits.js';
import type { ObjectFolder, StoredObject } from '../../store/objectFolder.js';
import { bucketNamed, type S3Operation } from '../backend.js';
import type { Elements } from '../elements.js';
import { type ListingPage, type ListingQuery, listingPage } from '../listing.js';
import { isoSeconds, quoted } from '../objectHeaders.js';
import type { S3Request } from '../request.js';
import { invalidArgument } from '../s3Error.js';
import { xmlReply } from '../xml.js';

const shared = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: S3Operation = {
  name: 'ListObjectsV2',
  method: 'GET',
  on: 'bucket',
  marks: ['list-type'],
  parameters: [...shared, 'continuation-token', 'start-after', 'fetch-owner'],
  async run(request, backend) {
    const { query, bucket: name } = request;
    if (query.get('list-type') !== '2')
      throw invalidArgument('Invalid List Type', 'list-type', String(query.get('list-type')));
    const bucket = await bucketNamed(backend, name);
    const token = query.get('continuation-token');
    const startAfter = query.get('start-after');
    const after =
      token === null ? { after: startAfter ?? '', continued: false } : { after: fromToken(token), continued: true };
    const listing = { ...commonQuery(request), ...after };
    const page = listingPage(await bucket.keys(listing.prefix), listing);
    const last = page.entries.at(-1);
    const encoded = encoder(query);
    return xmlReply(200, 'ListBucketResult', {
      Name: name,
      Prefix: encoded(listing.prefix),
      ...(startAfter === null ? {} : { StartAfter: encoded(startAfter) }),
      ...(token === null ? {} : { ContinuationToken: token }),
      KeyCount: page.entries.length,
      MaxKeys: listing.max,
      ...commonElements(query, page),
      ...(page.truncated && last ? { NextContinuationToken: toToken(last.name) } : {}),
      ...(await entries(bucket, page, encoded, query.get('fetch-owner') === 'true')),
    });
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export const listObjects: S3Operation = {
  name: 'ListObjects',
  method: 'GET',
  on: 'bucket',
  parameters: [...shared, 'marker'],
  async run(request, backend) {
    const { query, bucket: name } = request;
    const bucket = await bucketNamed(backend, name);
    const marker = query.get('marker') ?? '';
    const listing = { ...commonQuery(request), after: marker, continued: true };
    const page = listingPage(await bucket.keys(listing.prefix), listing);
    const last = page.entries.at(-1);
    const encoded = encoder(query);
    return xmlReply(200, 'ListBucketResult', {
      Name: name,
      Prefix: encoded(listing.prefix),
      Marker: encoded(marker),
      MaxKeys: listing.max,
      ...commonElements(query, page),
      // Without a delimiter the last key is where the next page begins.
      ...(page.truncated && last && listing.delimiter !== '' ? { NextMarker: encoded(last.name) } : {}),
      ...(await entries(bucket, page, encoded, true)),
    });
  },
};

function commonQuery({ query }: S3Request): Pick<ListingQuery, 'prefix' | 'delimiter' | 'max'> {
  checkEncodingType(query);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    max: countParameter(query, 'max-keys', 'maxKeys'),
  };
}

export function checkEncodingType(query: URLSearchParams): void {
  const type = query.get('encoding-type');
  if (type !== null && type !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type);
}

/** How many an answer is to hold: at most what S3 gives at once. */
export function countParameter(query: URLSearchParams, parameter: string, argument: string): number {
  const text = query.get(parameter);
  if (text === null || text === '') return s3.maxListed;
  const count = Number(text);
  if (!/^-?\d+$/.test(text))
    throw invalidArgument(`Provided ${parameter} not an integer or within integer range`, parameter, text);
  if (count < 0 || count > 2147483647) {
    throw invalidArgument(`Argument ${argument} must be an integer between 0 and 2147483647`, argument, text);
  }
  return Math.min(count, s3.maxListed);
}

function commonElements(query: URLSearchParams, { truncated }: ListingPage): Elements {
  const delimiter = query.get('delimiter');
  return {
    ...(delimiter === null || delimiter === '' ? {} : { Delimiter: encoder(query)(delimiter) }),
    ...(query.get('encoding-type') === null ? {} : { EncodingType: 'url' }),
    IsTruncated: truncated,
  };
}

async function entries(
  bucket: ObjectFolder,
  { entries: listed }: ListingPage,
  encoded: (key: string) => string,
  withOwner: boolean,
): Promise<Elements> {
  const keys = listed.flatMap(({ kind, name }) => (kind === 'key' ? [name] : []));
  const objects = await found(bucket, keys);
  return {
    Contents: objects.map(({ key, size, modified, description }) => ({
      Key: encoded(key),
      LastModified: isoSeconds(modified),
      ETag: quoted(description.etag),
      ...(description.checksum
        ? { ChecksumAlgorithm: description.checksum.algorithm, ChecksumType: description.checksum.type }
        : {}),
      Size: size,
      ...(withOwner ? { Owner: owner } : {}),
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: listed.flatMap(({ kind, name }) => (kind === 'prefix' ? [{ Prefix: encoded(name) }] : [])),
  };
}

export const owner: Elements = { ID: '000000000000', DisplayName: 'local' };

/** Some at a time; one that was deleted since is left out. */
async function found(bucket: ObjectFolder, keys: readonly string[]): Promise<StoredObject[]> {
  const atOnce = 16;
  const objects: StoredObject[] = [];
  for (let start = 0; start < keys.length; start += atOnce) {
    const some = await Promise.all(keys.slice(start, start + atOnce).map((key) => bucket.find(key)));
    objects.push(...some.filter((object) => object !== undefined));
  }
  return objects;
}

/** Keys as the client wants them: as they are, or encoded as in a form, but for the slashes. */
export function encoder(query: URLSearchParams): (key: string) => string {
  if (query.get('encoding-type') === null) return (key) => key;
  return (key) => encodeURIComponent(key).replace(/%2F/g, '/').replace(/%20/g, '+');
}

function toToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function fromToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (token === '' || toToken(name) !== token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  }
  return name;
}
