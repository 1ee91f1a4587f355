import type { AwsError } from '../../aws/awsError.js';
import type { Reply } from '../../aws/reply.js';
import { S3Error } from './s3Error.js';
import { xmlReply } from './xml.js';

/**
 * An error in the form that S3's clients read. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 *
 * @param resource the path that was asked for.
 */
export function errorReply(error: AwsError, resource: string, requestId: string): Reply {
  const { code, message, status } = inS3Words(error);
  const { details = {}, headers = {} } = error instanceof S3Error ? error : {};
  const elements = { Code: code, Message: message, ...details, Resource: resource, RequestId: requestId };
  const reply = xmlReply(status, 'Error', elements);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** What every service refuses in its own words. */
function inS3Words({ code, message, status }: AwsError): Pick<AwsError, 'code' | 'message' | 'status'> {
  if (code === 'InternalFailure') return { code: 'InternalError', message, status };
  if (code === 'RequestEntityTooLargeException') {
    return {
      code: 'EntityTooLarge',
      message: `Your proposed upload exceeds what the local S3 takes at once. ${message}`,
      status: 400,
    };
  }
  return { code, message, status };
}
