import type { S3Operation } from '../../backend.js';
import { uploadOf } from './upload.js';

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
