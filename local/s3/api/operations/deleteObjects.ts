import { s3 } from '../../../../shared/limits.js';
import { AwsError } from '../../../aws/awsError.js';
import type { ObjectFolder } from '../../store/objectFolder.js';
import { bucketFor, bucketNamed, type S3Operation } from '../backend.js';
import { deleteCondition } from '../conditions.js';
import type { Elements } from '../elements.js';
import { bodyChecksums } from '../operation.js';
import { requestContent } from '../requestContent.js';
import { invalidRequest, malformedXml, notImplemented } from '../s3Error.js';
import { XmlElement, xmlReply } from '../xml.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: S3Operation = {
  name: 'DeleteObject',
  method: 'DELETE',
  on: 'object',
  headers: { 'if-match': 'any' },
  async run(request, backend) {
    const bucket = await bucketFor(request, backend);
    await bucket.remove(request.key, deleteCondition(request.headers['if-match']));
    return { status: 204, headers: {}, body: '' };
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects: S3Operation = {
  name: 'DeleteObjects',
  method: 'POST',
  on: 'bucket',
  marks: ['delete'],
  headers: bodyChecksums,
  async run(request, backend) {
    const bucket = await bucketNamed(backend, request.bucket);
    const { bytes, checksum } = await requestContent(request);
    if (!checksum && request.headers['content-md5'] === undefined) {
      throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
    }
    const document = XmlElement.read(bytes.toString(), 'Delete');
    const quiet = document.text('Quiet')?.toLowerCase() === 'true';
    const objects = document.all('Object');
    if (objects.length === 0 || objects.length > s3.maxDeletedKeys) throw malformedXml();
    const results: { readonly deleted?: Elements; readonly failed?: Elements }[] = [];
    for (const object of objects) results.push(await remove(bucket, object));
    return xmlReply(200, 'DeleteResult', {
      Deleted: quiet ? [] : results.flatMap(({ deleted }) => (deleted ? [deleted] : [])),
      Error: results.flatMap(({ failed }) => (failed ? [failed] : [])),
    });
  },
};

async function remove(bucket: ObjectFolder, object: XmlElement): Promise<{ deleted?: Elements; failed?: Elements }> {
  const Key = object.required('Key');
  if (Key === '') throw malformedXml();
  try {
    const unknown = object.names().find((name) => name !== 'Key' && name !== 'ETag');
    if (unknown !== undefined) throw notImplemented(`${unknown} in DeleteObjects`);
    await bucket.remove(Key, deleteCondition(object.text('ETag')));
    return { deleted: { Key } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { failed: { Key, Code: error.code, Message: error.message } };
  }
}
