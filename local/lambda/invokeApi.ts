import type { IncomingHttpHeaders } from 'node:http';
import { lambda } from '../../shared/limits.js';
import type { Reply } from '../aws/reply.js';
import { type Clock, systemClock } from '../firehose/clock.js';
import type { Invocation, InvocationResult } from './invocation.js';

/** Invokes the function that an ARN names, or tells that there is none. */
type InvokeFunction = (arn: string, event: string) => Promise<Invocation>;

export interface InvokeApiOptions {
  readonly region: string;
  readonly accountId: string;
  readonly invoke: InvokeFunction;
  readonly exists: (arn: string) => boolean;
  /** Told when an asynchronous invocation failed for good. */
  readonly problem: (message: string) => void;
  readonly clock?: Clock;
}

/** `/2015-03-31/functions/<name>/invocations`, and the other operations of Lambda's API. */
const lambdaPath =
  /^\/20\d\d-\d\d-\d\d\/(?:functions|event-source-mappings|layers|account-settings|tags|code-signing-configs|capacity-providers|durable-executions|durable-execution-callbacks|resource-policy)(?:\/|$)/;

/** Whether a request is one to Lambda. */
export function isLambdaPath(url: string): boolean {
  return lambdaPath.test(url.split('?')[0] ?? '');
}

/**
 * Lambda's Invoke for the project's functions.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class InvokeApi {
  private readonly clock: Clock;
  /** Call off the retries that are ahead. */
  private readonly retries = new Set<() => void>();
  private stopped = false;

  constructor(private readonly options: InvokeApiOptions) {
    this.clock = options.clock ?? systemClock;
  }

  async handle(method: string, url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const [, encoded] = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(pathname) ?? [];
    if (method !== 'POST' || encoded === undefined) {
      return refused(404, 'UnknownOperationException', `The local Lambda has Invoke alone, not ${method} ${pathname}.`);
    }
    const name = decoded(encoded);
    const arn = this.arnOf(name, searchParams.get('Qualifier') ?? undefined);
    if (arn === undefined) return refused(400, 'ValidationException', nameProblem(name));
    const odd = Object.keys(headers).find((header) => header.startsWith('x-amz-') && !knownHeaders.has(header));
    if (odd !== undefined) {
      return refused(400, 'InvalidParameterValueException', `The local Lambda does not know the header ${odd}.`);
    }
    const parameter = [...searchParams.keys()].find((each) => each !== 'Qualifier');
    if (parameter !== undefined) {
      const told = `The local Lambda does not know the query parameter ${parameter}.`;
      return refused(400, 'InvalidParameterValueException', told);
    }
    const logType = headers['x-amz-log-type'] ?? 'None';
    if (logType !== 'None' && logType !== 'Tail') {
      const allowed = 'Member must satisfy enum value set: [None, Tail]';
      const told = `1 validation error detected: Value '${logType}' at 'logType' failed to satisfy constraint: ${allowed}`;
      return refused(400, 'ValidationException', told);
    }
    if (!this.options.exists(arn)) return refused(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
    return this.invoke(arn, headers, body);
  }

  /** Forgets the retries that are ahead. */
  stop(): void {
    this.stopped = true;
    for (const cancel of this.retries) cancel();
  }

  private async invoke(arn: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const limit = type === 'Event' ? lambda.maxEventBytes : lambda.maxPayloadBytes;
    if (body.length > limit) {
      const problem = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
      return refused(413, 'RequestTooLargeException', problem);
    }
    const event = body.length === 0 ? '{}' : body.toString();
    const problem = jsonProblem(event);
    if (problem !== undefined) {
      const told = `Could not parse request body into json: Could not parse payload into json: ${problem}`;
      return refused(400, 'InvalidRequestContentException', told);
    }
    switch (type) {
      case 'DryRun':
        return { status: 204, headers: {}, body: '' };
      case 'Event':
        void this.attempt(arn, event, lambda.asyncRetryDelays);
        return { status: 202, headers: {}, body: '' };
      case 'RequestResponse':
        return answerOf(await this.options.invoke(arn, event), headers['x-amz-log-type'] === 'Tail');
      default: {
        const allowed = 'Member must satisfy enum value set: [Event, RequestResponse, DryRun]';
        const told = `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: ${allowed}`;
        return refused(400, 'ValidationException', told);
      }
    }
  }

  /** Invokes on nobody's behalf, and again after a failure: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
  private async attempt(arn: string, event: string, [delay, ...later]: readonly number[]): Promise<void> {
    const { result } = await this.options.invoke(arn, event);
    if (result.outcome === 'returned' || this.stopped) return;
    if (delay === undefined) {
      this.options.problem(`an asynchronous invocation of ${arn} failed for good: ${messageOf(result).errorMessage}`);
      return;
    }
    const cancel = this.clock.after(delay, () => {
      this.retries.delete(cancel);
      void this.attempt(arn, event, later);
    });
    this.retries.add(cancel);
  }

  /** The ARN of a function's name, of a partial ARN or of a whole one, with what qualifies it; undefined when it is none. */
  private arnOf(name: string, qualifier: string | undefined): string | undefined {
    const form = /^(?:(?:arn:aws[a-z-]*:lambda:([a-z\d-]+):)?(\d{12}):function:)?([\w-]{1,64})(?::(\$LATEST|[\w-]+))?$/;
    const [whole, region = this.options.region, account = this.options.accountId, own, suffix] = form.exec(name) ?? [];
    if (whole === undefined) return undefined;
    const version = suffix ?? qualifier;
    return `arn:aws:lambda:${region}:${account}:function:${own}${version === undefined ? '' : `:${version}`}`;
  }
}

/** What is read here, and what belongs to a signature: of the others, such as a client context, no handler would be told. */
const knownHeaders: ReadonlySet<string> = new Set([
  'x-amz-invocation-type',
  'x-amz-log-type',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-user-agent',
]);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function nameProblem(name: string): string {
  return `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Lambda's errors have their type in a header, and say whose fault it was. */
function refused(status: number, code: string, message: string): Reply {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ Type: 'User', message, Message: message }) };
}

function answerOf({ result, requestId, tail }: Invocation, wantsLog: boolean): Reply {
  const failed = result.outcome !== 'returned';
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
      ...(wantsLog && tail !== undefined ? { 'x-amz-log-result': Buffer.from(tail).toString('base64') } : {}),
    },
    body: failed ? JSON.stringify(messageOf(result, requestId)) : result.payload,
  };
}

/** A failure as Lambda tells it: what the handler threw, or how its process ended. */
function messageOf(result: Exclude<InvocationResult, { outcome: 'returned' }>, requestId = '') {
  switch (result.outcome) {
    case 'threw':
      return { errorType: result.errorType, errorMessage: result.message, trace: [] };
    case 'timed out': {
      const seconds = (result.afterMs / 1000).toFixed(2);
      return {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
      };
    }
    case 'crashed':
      return { errorType: result.errorType, errorMessage: `RequestId: ${requestId} Error: ${result.message}` };
    case 'not found':
      return { errorType: 'ResourceNotFoundException', errorMessage: result.message };
  }
}
