import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { firehose, lambda, sns } from '../../shared/limits.js';
import type { Sender } from '../firehose/stream/deliveryStream.js';
import { isLambdaPath } from '../lambda/invokeApi.js';
import { invocationOf } from '../lambda/trace.js';
import { storedPolicy } from '../web/html.js';
import { AwsError, serializationError } from './awsError.js';
import type { Reply } from './reply.js';
import { readBody } from './requestBody.js';
import type { Authenticator, SignedService } from './sigV4.js';

type Json = { readonly [member: string]: unknown };

/** The services behind the front. */
export interface Services {
  /** @param invocation that puts the records, when a running transform does */
  firehose(operation: string, input: Json, sender: Sender, invocation: string | undefined): Promise<Json>;
  /** @param endpoint under which the client reached it */
  sqs(operation: string, input: Json, endpoint: string): Promise<Json>;
  /** Without it there is no Glue here. */
  glue?(operation: string, input: Json): Promise<Json>;
  /** Without it there is no Athena here. */
  athena?(operation: string, input: Json): Promise<Json>;
  /** Answers a request as it is; without it there is no DynamoDB here. */
  dynamodb?(headers: IncomingHttpHeaders, body: Buffer): Promise<Reply>;
  /** Answers a request to Lambda; without it there is none here. */
  lambda?(method: string, url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply>;
  /** Answers a request to SNS, which is a form; without it there is none here. */
  sns?(form: string): Promise<Reply>;
  /** Answers requests to S3, and what is wrong with them; without it there is no S3 here. */
  s3?(request: IncomingMessage, body: Promise<Buffer>): Promise<Reply>;
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

/** The largest message of SNS, each byte of which a form may write as three. */
const maxFormBytes = 4 * sns.maxMessageBytes;

/** One PutObject or UploadPart: far above what one response's worth of lines compresses to, and what clients send as a part. */
const maxObjectBytes = 128 * 1024 * 1024;

/** One HTTP endpoint for the AWS clients in use: Firehose, SQS, SNS, DynamoDB, Glue, Athena, Lambda and S3. */
export function awsFront(services: Services): RequestListener {
  return (request, response) => {
    // Browsers alone say what a request is for: other clients see what AWS would answer.
    if (request.headers['sec-fetch-dest'] !== undefined) response.setHeader('content-security-policy', storedPolicy);
    answer(request, services)
      .catch((error: unknown) => refusal(error, request, services))
      .then((reply) => send(response, reply))
      .catch((error: unknown) => services.problem(`a request could not be answered: ${error}`));
  };
}

async function answer(request: IncomingMessage, services: Services): Promise<Reply> {
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
  if (request.method === 'POST' && service === 'AWSGlue' && services.glue) {
    const input = parseJson(await readSigned(request, maxJsonBytes, 'glue', services));
    return json(await services.glue(operation, input), jsonTypes.firehose);
  }
  if (request.method === 'POST' && service === 'AmazonAthena' && services.athena) {
    const input = parseJson(await readSigned(request, maxJsonBytes, 'athena', services));
    return json(await services.athena(operation, input), jsonTypes.firehose);
  }
  if (request.method === 'POST' && service === 'DynamoDB_20120810' && services.dynamodb) {
    return services.dynamodb(request.headers, await readSigned(request, maxDynamoDBBytes, 'dynamodb', services));
  }
  const { method = '', url = '' } = request;
  if (target === '' && services.lambda && isLambdaPath(url)) {
    return services.lambda(method, url, request.headers, await readSigned(request, maxInvokeBytes, 'lambda', services));
  }
  if (services.sns && target === '' && isForm(request) && isSignedFor(request, 'sns')) {
    return services.sns((await readSigned(request, maxFormBytes, 'sns', services)).toString());
  }
  if (services.s3 && target === '' && !isForm(request)) {
    return services.s3(request, readSigned(request, maxObjectBytes, 's3', services));
  }
  request.resume();
  throw new AwsError('UnknownOperationException', `Nothing here answers ${request.method} ${request.url} ${target}`);
}

/** As the protocol of SNS has it, and the older one of SQS. */
function isForm({ method, headers }: IncomingMessage): boolean {
  return method === 'POST' && String(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

/** Forms name no service: the scope of the signature does. */
function isSignedFor({ headers }: IncomingMessage, service: SignedService): boolean {
  return headers.authorization?.includes(`/${service}/aws4_request`) ?? false;
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

/** The protocol that each service's model names; DynamoDB's is that of SQS, those of Glue and Athena that of Firehose. */
const jsonTypes = { firehose: 'application/x-amz-json-1.1', sqs: 'application/x-amz-json-1.0' } as const;

function json(body: Json, type: string, status = 200): Reply {
  // Compact: Fluent Bit looks for "FailedPutCount":0 as it stands.
  return { status, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

function refusal(error: unknown, request: IncomingMessage, services: Services): Reply {
  const known =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
  if (known.status === 500) services.problem(`${request.method} ${request.url} failed: ${known.message}`);
  const target = request.headers['x-amz-target'];
  const type = /^(AmazonSQS|DynamoDB)/.test(String(target)) ? jsonTypes.sqs : jsonTypes.firehose;
  return json({ __type: known.code, message: known.message }, type, known.status);
}

async function send(response: ServerResponse, { status, headers, body }: Reply): Promise<void> {
  response.writeHead(status, { ...headers, ...lengthOf(status, headers, body), 'x-amzn-requestid': randomUUID() });
  if (!(body instanceof Readable)) return void response.end(body);
  await pipeline(body, response).catch((error: unknown) => {
    // The client has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** A reply with a stream, or to a HEAD, says itself how long it is. */
function lengthOf(status: number, headers: Reply['headers'], body: Reply['body']): Reply['headers'] {
  // An answer without content has no length either (RFC 9110, 8.6).
  if (status === 204 || status === 304 || 'content-length' in headers || body instanceof Readable) return {};
  return { 'content-length': String(Buffer.byteLength(body)) };
}
