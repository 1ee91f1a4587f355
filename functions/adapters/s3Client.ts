import { S3Client } from '@aws-sdk/client-s3';

/** A local endpoint has no name for each bucket. */
export const s3 = new S3Client({
  forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
});
