import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { firehose, lambda } from '../../shared/limits.js';
import type { Sender } from '../firehose/stream/deliveryStream.js';
import { isLambdaPath } from '../lambda/invokeApi.js';
import { invocationOf } from '../lambda/trace.js';
import { AwsError, serializationError } from './awsError.js';
import type { BucketStore } from './bucketStore.js';
import { ObjectKeyError } from './objectFolder.js';
import type { Reply } from './reply.js';
import { readBody } from './requestBody.js';
import { S3Api, s3Refusal } from './s3Api.js';
import type { Authenticator, SignedService } from './sigV4.js';

type Json = { readonly [member: string]: unknown };

/** The services behind the front. */
export interface Services {
  /** @param invocation that puts the records, when a running transform does */
  firehose(operation: string, input: Json, sender: Sender, invocation: string | undefined): Promise<Json>;
  /** @param endpoint under which the client reached it */
  sqs(operation: string, input: Json, endpoint: string): Promise<Json>;
  /** Answers a request as it is; without it there is no DynamoDB here. */
  dynamodb?(headers: IncomingHttpHeaders, body: Buffer): Promise<Reply>;
  /** Answers a request to Lambda; without it there is none here. */
  lambda?(method: string, url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply>;
  /** The bucket of a name, if it is the stack's. */
  bucket(name: string): BucketStore | undefined;
  /** Verifies signatures; when there is none, every signature is accepted unseen. */
  readonly authenticator?: Authenticator;
  problem(message: string): void;
}

/** Requests whose path starts with this come from the transform; see DeliveryStream.put. */
export const transformPath = '/functions/transform';

/** Twice a full batch as base64: a batch somewhat too large is refused for its size, not for its body's. */
const maxJsonBytes = 2 * Math.ceil(firehose.maxBatchBytes / 3) * 4;

/** DynamoDB takes requests of up to 16 MB. */
const maxDynamoDBBytes = 16 * 1024 * 1024;

/** Above what Lambda takes: its own refusal tells more. */
const maxInvokeBytes = 2 * lambda.maxPayloadBytes;

/** What an invocation may put as one object: far above what one response's worth of lines compresses to. */
const maxObjectBytes = 128 * 1024 * 1024;

/** One HTTP endpoint for the AWS clients in use: Firehose, SQS, DynamoDB and S3. */
export function awsFront(services: Services): RequestListener {
  const s3 = new S3Api((name) => services.bucket(name));
  return (request, response) => {
    answer(request, services, s3)
      .catch((error: unknown) => refusal(error, request, services))
      .then((reply) => send(response, reply))
      .catch((error: unknown) => services.problem(`a request could not be answered: ${error}`));
  };
}

async function answer(request: IncomingMessage, services: Services, s3: S3Api): Promise<Reply> {
  const target = String(request.headers['x-amz-target'] ?? '');
  const [service, operation = ''] = target.split('.');
  if (request.method === 'POST' && service === 'Firehose_20150804') {
    const sender = request.url?.startsWith(transformPath) ? 'transform' : 'client';
    const input = parseJson(await readSigned(request, maxJsonBytes, 'firehose', services));
    const trace = sender === 'transform' ? request.headers['x-amzn-trace-id'] : undefined;
    const invocation = invocationOf(String(trace ?? ''));
    return json(await services.firehose(operation, input, sender, invocation), jsonTypes.firehose);
  }
  if (request.method === 'POST' && service === 'AmazonSQS') {
    const input = parseJson(await readSigned(request, maxJsonBytes, 'sqs', services));
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    return json(await services.sqs(operation, input, `${scheme}://${request.headers.host}`), jsonTypes.sqs);
  }
  if (request.method === 'POST' && service === 'DynamoDB_20120810' && services.dynamodb) {
    return services.dynamodb(request.headers, await readSigned(request, maxDynamoDBBytes, 'dynamodb', services));
  }
  const { method = '', url = '' } = request;
  if (target === '' && services.lambda && isLambdaPath(url)) {
    return services.lambda(method, url, request.headers, await readSigned(request, maxInvokeBytes, 'lambda', services));
  }
  if (target === '' && request.method !== 'POST') {
    return s3.handle(request, await readSigned(request, maxObjectBytes, 's3', services));
  }
  request.resume();
  throw new AwsError('UnknownOperationException', `Nothing here answers ${request.method} ${request.url} ${target}`);
}

/** The body of a request whose signature holds, if signatures matter. */
async function readSigned(
  request: IncomingMessage,
  limit: number,
  service: SignedService,
  { authenticator }: Services,
): Promise<Buffer> {
  const body = await readBody(request, limit);
  await authenticator?.verify(request, body, service);
  return body;
}

function parseJson(body: Buffer): Json {
  let input: unknown;
  try {
    input = JSON.parse(body.toString());
  } catch {
    throw serializationError('The body is not JSON');
  }
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    throw serializationError('The body is not a JSON object');
  }
  return input as Json;
}

/** The protocol that each service's model names; DynamoDB's is that of SQS. */
const jsonTypes = { firehose: 'application/x-amz-json-1.1', sqs: 'application/x-amz-json-1.0' } as const;

function json(body: Json, type: string, status = 200): Reply {
  // Compact: Fluent Bit looks for "FailedPutCount":0 as it stands.
  return { status, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

function refusal(error: unknown, request: IncomingMessage, services: Services): Reply {
  const known =
    error instanceof AwsError
      ? error
      : error instanceof ObjectKeyError
        ? new AwsError('InvalidArgument', error.message)
        : new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
  if (known.status === 500) services.problem(`${request.method} ${request.url} failed: ${known.message}`);
  const target = request.headers['x-amz-target'];
  if (target === undefined && request.method !== 'POST') return s3Refusal(known);
  const type = /^(AmazonSQS|DynamoDB)/.test(String(target)) ? jsonTypes.sqs : jsonTypes.firehose;
  return json({ __type: known.code, message: known.message }, type, known.status);
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  // An answer without content has no length either (RFC 9110, 8.6).
  const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length, 'x-amzn-requestid': randomUUID() });
  response.end(body);
}
