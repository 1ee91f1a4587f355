import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../aws/awsError.js';
import type { Reply } from '../../aws/reply.js';
import { requestTarget } from '../../aws/requestTarget.js';
import { errorReply } from './errorReply.js';
import { type Operation, operationFor } from './operation.js';
import { readRequest } from './request.js';

/** S3's REST API over a store. */
export class S3Api<Store> {
  constructor(
    private readonly operations: readonly Operation<Store>[],
    private readonly store: Store,
  ) {}

  /**
   * @param body the whole body; it isn't read from the request.
   * @param problem told of what is nobody's fault but the endpoint's.
   */
  async handle(request: IncomingMessage, body: Promise<Buffer>, problem: (message: string) => void): Promise<Reply> {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const reply = await this.answer(request, body).catch((error: unknown) => {
      const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
      if (known.status === 500) problem(`${request.method} ${request.url} failed: ${known.message}`);
      return errorReply(known, requestTarget(request.url).path, requestId);
    });
    // A HEAD's answer has no body, and no length of one that it hasn't.
    const own = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
    return { ...reply, headers: { ...reply.headers, ...own }, body: request.method === 'HEAD' ? '' : reply.body };
  }

  private async answer(request: IncomingMessage, body: Promise<Buffer>): Promise<Reply> {
    const read = readRequest(request, await body);
    return operationFor(read, this.operations).run(read, this.store);
  }
}
