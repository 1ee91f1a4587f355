import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** A local endpoint has no name for each bucket. */
export const s3 = new S3Client({
  forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
});

/** Whether S3 answered with this status of HTTP. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}
