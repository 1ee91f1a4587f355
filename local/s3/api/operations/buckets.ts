import { isBucketName } from '../../store/bucketFolders.js';
import { bucketNamed, type S3Operation } from '../backend.js';
import { bodyChecksums } from '../operation.js';
import { requestText } from '../requestContent.js';
import { notImplemented, S3Error } from '../s3Error.js';
import { XmlElement, xmlReply } from '../xml.js';
import { countParameter, owner } from './listObjects.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets: S3Operation = {
  name: 'ListBuckets',
  method: 'GET',
  on: 'service',
  parameters: ['prefix', 'max-buckets', 'continuation-token'],
  async run({ query }, { buckets, region }) {
    const [prefix, after] = [query.get('prefix') ?? '', query.get('continuation-token') ?? ''];
    const max = countParameter(query, 'max-buckets', 'maxBuckets');
    const left = (await buckets.list()).filter(({ name }) => name.startsWith(prefix) && name > after);
    const page = left.slice(0, max);
    return xmlReply(200, 'ListAllMyBucketsResult', {
      Owner: owner,
      Buckets: {
        Bucket: page.map(({ name, created }) => ({
          Name: name,
          CreationDate: new Date(created).toISOString(),
          // S3 tells it only to who asks for pages.
          ...(query.has('max-buckets') ? { BucketRegion: region } : {}),
        })),
      },
      ContinuationToken: left.length > page.length ? page.at(-1)?.name : undefined,
      Prefix: query.has('prefix') ? prefix : undefined,
    });
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: S3Operation = {
  name: 'HeadBucket',
  method: 'HEAD',
  on: 'bucket',
  async run({ bucket }, backend) {
    await bucketNamed(backend, bucket);
    return {
      status: 200,
      headers: { 'x-amz-bucket-region': backend.region, 'content-type': 'application/xml' },
      body: '',
    };
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: S3Operation = {
  name: 'GetBucketLocation',
  method: 'GET',
  on: 'bucket',
  marks: ['location'],
  async run({ bucket }, backend) {
    await bucketNamed(backend, bucket);
    // us-east-1 is told as nothing.
    return xmlReply(200, 'LocationConstraint', backend.region === 'us-east-1' ? '' : backend.region);
  },
};

/** A bucket that never had versions says nothing of them: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export const getBucketVersioning: S3Operation = {
  name: 'GetBucketVersioning',
  method: 'GET',
  on: 'bucket',
  marks: ['versioning'],
  async run({ bucket }, backend) {
    await bucketNamed(backend, bucket);
    return xmlReply(200, 'VersioningConfiguration', '');
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket: S3Operation = {
  name: 'CreateBucket',
  method: 'PUT',
  on: 'bucket',
  headers: {
    ...bodyChecksums,
    'x-amz-acl': ['private'],
    'x-amz-object-ownership': ['BucketOwnerEnforced'],
    'x-amz-bucket-object-lock-enabled': ['false'],
  },
  async run(request, { buckets, region }) {
    const { bucket: name } = request;
    if (!isBucketName(name)) {
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    }
    checkLocation(requestText(request), region);
    // In us-east-1 a bucket of one's own can be made again: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    if (region !== 'us-east-1' && (await buckets.find(name))) {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new S3Error('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    await buckets.create(name);
    return { status: 200, headers: { location: `/${name}` }, body: '' };
  },
};

function checkLocation(text: string, region: string): void {
  const configuration = text.trim() === '' ? undefined : XmlElement.read(text, 'CreateBucketConfiguration');
  const unknown = configuration?.names().find((name) => name !== 'LocationConstraint');
  if (unknown !== undefined) throw notImplemented(`${unknown} of CreateBucket`);
  const asked = configuration?.text('LocationConstraint') ?? '';
  if ((asked === '' ? 'us-east-1' : asked) === region) return;
  throw new S3Error(
    'IllegalLocationConstraintException',
    `The ${asked === '' ? 'unspecified' : asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export const deleteBucket: S3Operation = {
  name: 'DeleteBucket',
  method: 'DELETE',
  on: 'bucket',
  async run({ bucket: name }, backend) {
    await bucketNamed(backend, name);
    if (name === backend.deployed) {
      throw new S3Error(
        'AccessDenied',
        'The bucket belongs to the stack that is running: stop it, and remove the folder.',
        403,
      );
    }
    if (!(await backend.buckets.remove(name))) {
      throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: name });
    }
    return { status: 204, headers: {}, body: '' };
  },
};
