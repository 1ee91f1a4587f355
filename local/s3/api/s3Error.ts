import { AwsError } from '../../aws/awsError.js';
import type { Elements } from './elements.js';

/** An answer of S3 instead of a result. */
export class S3Error extends AwsError {
  constructor(
    code: string,
    message: string,
    status: number,
    /** Further elements of the answer, such as the name of the key. */
    readonly details: Elements = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message, status);
  }
}

/** What the service has, and this endpoint has not. */
export function notImplemented(what: string, details: Elements = {}): S3Error {
  return new S3Error('NotImplemented', `${what} is not implemented by the local S3.`, 501, details);
}

export function invalidArgument(message: string, name: string, value: string): S3Error {
  return new S3Error('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value });
}

export function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', message, 400);
}

export function noSuchKey(key: string): S3Error {
  return new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

export function malformedXml(): S3Error {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return new S3Error('MalformedXML', message, 400);
}

export function preconditionFailed(condition: string): S3Error {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new S3Error('PreconditionFailed', message, 412, { Condition: condition });
}
