import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml } from '../../shared/text/html.js';

/** Answers a request that no service is to see, in the form that its client reads: JSON, or XML as S3 has it. */
export function refuseStranger({ headers }: IncomingMessage, response: ServerResponse, reason: string): void {
  const requestId = randomUUID();
  const [type, body] =
    headers['x-amz-target'] === undefined
      ? [
          'application/xml',
          `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${escapeHtml(reason)}</Message><RequestId>${requestId}</RequestId></Error>`,
        ]
      : ['application/x-amz-json-1.1', JSON.stringify({ __type: 'AccessDeniedException', message: reason })];
  response.writeHead(403, { 'content-type': type, 'x-amzn-requestid': requestId }).end(body);
}
