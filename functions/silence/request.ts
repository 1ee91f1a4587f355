import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { LinkRequest } from '../../shared/alerts/links/answer.js';
import { silenceLinks } from '../../shared/bounds.js';

/**
 * The request of a function URL's event, whose header names are in lower case.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function requestOf({
  rawPath,
  headers,
  body,
  isBase64Encoded,
  requestContext,
}: LambdaFunctionURLEvent): LinkRequest {
  return {
    method: requestContext.http.method,
    path: rawPath,
    contentType: headers['content-type'] ?? '',
    site: headers['sec-fetch-site'],
    body: textOf(body ?? '', isBase64Encoded),
  };
}

/** Forms come in base64. What is far too long need not be decoded to be refused. */
function textOf(body: string, isBase64: boolean): string {
  if (!isBase64 || body.length > 2 * silenceLinks.maxFormBytes) return body;
  return Buffer.from(body, 'base64').toString();
}
