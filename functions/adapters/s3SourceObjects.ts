import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import type { SourceObjects } from '../../shared/replay/ports.js';
import { hasStatus, s3 } from './s3Client.js';

/** The objects of any bucket that the function's role may read. */
export const s3SourceObjects: SourceObjects = {
  async *list(bucket, prefix, after) {
    const query = { Bucket: bucket, Prefix: prefix, StartAfter: after };
    for await (const { Contents: objects = [] } of paginateListObjectsV2({ client: s3 }, query)) {
      for (const { Key: key, ETag: etag, Size: size, LastModified: modified } of objects) {
        if (key === undefined || etag === undefined || modified === undefined) continue;
        yield { bucket, key, etag, size: size ?? 0, modified: modified.getTime() };
      }
    }
  },

  async folders(bucket, prefix) {
    const query = { Bucket: bucket, Prefix: prefix, Delimiter: '/' };
    const folders: string[] = [];
    for await (const { CommonPrefixes: found = [] } of paginateListObjectsV2({ client: s3 }, query)) {
      folders.push(...found.flatMap(({ Prefix }) => Prefix ?? []));
    }
    return folders;
  },

  async find({ bucket, key }) {
    try {
      const found = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      const { ETag: etag = '', ContentLength: size = 0, LastModified: modified } = found;
      return { bucket, key, etag, size, modified: modified?.getTime() ?? 0 };
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      // The answer to a HEAD has no body that would say so.
      if (hasStatus(error, 403))
        throw Object.assign(new Error(`s3://${bucket}/${key} may not be read`), { name: 'AccessDenied' });
      throw error;
    }
  },

  async open({ bucket, key, etag }) {
    try {
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
      return body as AsyncIterable<Uint8Array> | undefined;
    } catch (error) {
      if (hasStatus(error, 404) || hasStatus(error, 412)) return undefined;
      throw error;
    }
  },

  async tags({ bucket, key }) {
    const { TagSet: tags = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  },

  async tag({ bucket, key }, tags) {
    const set = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging: { TagSet: set } }));
  },
};
