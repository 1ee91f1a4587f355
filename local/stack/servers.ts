import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AthenaApi } from '../athena/athenaApi.js';
import { AwsError } from '../aws/awsError.js';
import { serverCertificate } from '../aws/certificates.js';
import { awsFront } from '../aws/front.js';
import { closeServer, listen } from '../aws/listen.js';
import { refuseStranger } from '../aws/refuseStranger.js';
import { Authenticator } from '../aws/sigV4.js';
import { consoleServer } from '../console/server.js';
import { FirehoseApi } from '../firehose/api/firehoseApi.js';
import { bufferingTime } from '../firehose/stream/streamConfig.js';
import { GlueApi } from '../glue/glueApi.js';
import { InvokeApi } from '../lambda/invokeApi.js';
import type { LocalFunctions } from '../lambda/localFunctions.js';
import { countRequests } from '../meter/requests.js';
import { SqsApi } from '../queue/sqsApi.js';
import { shownEmail } from '../sns/shownEmail.js';
import { SnsApi } from '../sns/snsApi.js';
import { Guard, guarded } from '../web/guard.js';
import type { StackContext } from './context.js';
import type { Deployment } from './deployment.js';
import type { Ready } from './stack.js';
import type { Stores } from './stores.js';

/** What listens. */
export interface Servers {
  readonly urls: Pick<Ready, 'firehose' | 'firehoseTls' | 'slack' | 'console' | 'intake'>;
  /** What changes to the console's state must carry. */
  readonly token: string;
  /** Absolute path of the certificate to trust for `firehoseTls`. */
  readonly ca: string;
  /** From now on only the transform may put records. */
  refuseClients(): void;
}

/**
 * Starts the console and the AWS endpoint.
 *
 * @throws PortInUseError
 */
export async function openServers(
  context: StackContext,
  deployment: Deployment,
  functions: LocalFunctions,
  stores: Stores,
): Promise<Servers> {
  const { options, data, events } = context;
  const { meter, faults, inbox, intake, streams } = stores;
  const problem = (message: string) => events.emit('problem', message);
  let stopping = false;
  const guard = new Guard(options.allowHost);
  const front = guarded(
    endpoint(context, functions, stores, () => stopping),
    guard,
    refuseStranger,
  );
  const { caFile, ...certificate } = await serverCertificate(data, options.allowHost).catch((error: unknown) => {
    throw new Error(
      `ca.pem and ca-key.pem in ${data} can't be used (${error}): remove both, and trust the new ca.pem.`,
    );
  });
  const status = () => ({ queryableWithin: bufferingTime(deployment.stream.config), buffered: streams.buffered });
  const silence = functions.invoker('silence');
  const page = consoleServer({ inbox, intake, meter, faults, events, guard, status, silence, problem });
  const console = `http://${await bind(page, options.consolePort, '--console-port', context)}`;
  const tls = createTlsServer(certificate, front);
  const firehoseTls = `https://${await bind(tls, options.tlsPort, '--tls-port', context)}`;
  const firehose = `http://${await bind(createServer(front), options.port, '--port', context)}`;
  return {
    urls: { firehose, firehoseTls, slack: `${console}/slack`, console, intake: `${console}/intake` },
    token: guard.token,
    ca: caFile,
    refuseClients() {
      stopping = true;
    },
  };
}

/** Firehose, SQS, SNS, DynamoDB, Glue, Athena, Lambda and S3 as clients reach them. */
function endpoint(
  { options, data, region, accountId, events, closers }: StackContext,
  functions: LocalFunctions,
  { streams, queues, dynamodb, buckets, inbox }: Stores,
  isStopping: () => boolean,
): RequestListener {
  const problem = (message: string) => events.emit('problem', message);
  const firehose = new FirehoseApi(streams);
  const sqs = new SqsApi(queues, { region, accountId });
  const glue = new GlueApi(data);
  const athena = new AthenaApi(data);
  const sns = new SnsApi((published) => inbox.keep(shownEmail(published, Date.now())));
  const lambda = new InvokeApi({
    region,
    accountId,
    invoke: (arn, event) => functions.invokeArn(arn, event, 1),
    exists: (arn) => functions.has(arn),
    problem: (message) => events.emit('problem', message),
  });
  closers.add(() => lambda.stop());
  return awsFront({
    firehose(operation, input, sender, invocation) {
      if (isStopping() && sender === 'client') {
        throw new AwsError('ServiceUnavailableException', 'Shutting down.', 503);
      }
      return firehose.handle(operation, input, sender, invocation);
    },
    sqs: (operation, input, endpoint) => sqs.handle(operation, input, endpoint),
    glue: (operation, input) => glue.handle(operation, input),
    athena: (operation, input) => athena.handle(operation, input),
    sns: (form) => sns.handle(form),
    lambda: (method, url, headers, body) => lambda.handle(method, url, headers, body),
    dynamodb: (headers, body) => dynamodb.forward(headers, body),
    s3: (request, body) => buckets.api.handle(request, body, problem),
    ...(options.credentials ? { authenticator: new Authenticator(options.credentials, region, Date.now) } : {}),
    problem,
  });
}

/** @returns host and port. */
async function bind(
  server: Server,
  port: number,
  flag: string,
  { events, closers }: Pick<StackContext, 'events' | 'closers'>,
): Promise<string> {
  // Clients keep connections for up to a minute; one that the server closes first would fail their next put.
  server.keepAliveTimeout = 75_000;
  countRequests(server, events);
  const bound = await listen(server, port, `stop what uses it, or choose another with ${flag}`);
  closers.add(() => closeServer(server));
  return `127.0.0.1:${bound}`;
}
