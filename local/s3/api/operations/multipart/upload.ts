import type { Upload } from '../../../store/multipartUploads.js';
import type { ObjectFolder } from '../../../store/objectFolder.js';
import { type Backend, bucketFor } from '../../backend.js';
import type { S3Request } from '../../request.js';
import { S3Error } from '../../s3Error.js';

/** @throws S3Error when there is no such upload of this key. */
export async function uploadOf(
  request: S3Request,
  backend: Backend,
): Promise<{ bucket: ObjectFolder; upload: Upload }> {
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
