import type { Description } from '../../store/description.js';
import { type Backend, bucketFor, type S3Operation } from '../backend.js';
import { bodyChecksums } from '../operation.js';
import type { S3Request } from '../request.js';
import { requestContent } from '../requestContent.js';
import { noSuchKey } from '../s3Error.js';
import { tagsInXml, tagsXml } from '../tags.js';
import { xmlReply } from '../xml.js';

const tagging = { on: 'object', marks: ['tagging'] } as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: S3Operation = {
  name: 'GetObjectTagging',
  method: 'GET',
  ...tagging,
  async run(request, backend) {
    const object = await (await bucketFor(request, backend)).find(request.key);
    if (!object) throw noSuchKey(request.key);
    return xmlReply(200, 'Tagging', tagsXml(object.description.tags));
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export const putObjectTagging: S3Operation = {
  name: 'PutObjectTagging',
  method: 'PUT',
  ...tagging,
  headers: bodyChecksums,
  async run(request, backend) {
    const { bytes } = await requestContent(request);
    await setTags(request, backend, tagsInXml(bytes.toString()));
    return { status: 200, headers: {}, body: '' };
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export const deleteObjectTagging: S3Operation = {
  name: 'DeleteObjectTagging',
  method: 'DELETE',
  ...tagging,
  async run(request, backend) {
    await setTags(request, backend, {});
    return { status: 204, headers: {}, body: '' };
  },
};

async function setTags(request: S3Request, backend: Backend, tags: Description['tags']): Promise<void> {
  const bucket = await bucketFor(request, backend);
  const changed = await bucket.redescribe(request.key, (current) => ({ ...current, tags }));
  if (!changed) throw noSuchKey(request.key);
}
