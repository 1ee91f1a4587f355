import { randomUUID } from 'node:crypto';
import {
  type IncomingHttpHeaders,
  IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Resource } from '../infra/infra.js';
import { refuseUnknown } from './dynamodbLimits.js';
import { listen } from './listen.js';
import { withRefusedItem } from './refusedItems.js';
import type { Reply } from './reply.js';

// The client warns on Node 20, which the project supports; nobody who runs `up` can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export interface LocalDynamoDB {
  /** Serves who names the access key below: everybody else comes by the front, which knows whom to let in. */
  readonly server: Server;
  readonly endpoint: string;
  /** Chosen by chance at each start. */
  readonly accessKey: string;
  /** Answers a request that came in at the front. */
  forward(headers: IncomingHttpHeaders, body: Buffer): Promise<Reply>;
}

/**
 * DynamoDB on disk with the tables of the templates (AWS::DynamoDB::Table). What dynalite does not know, such as
 * time to live and backups, is left out of the tables.
 */
export async function startDynamoDB(folder: string, tables: readonly Resource[]): Promise<LocalDynamoDB> {
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0 });
  const accessKey = randomUUID();
  requireKey(server, accessKey);
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'DynamoDB')}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: accessKey, secretAccessKey: accessKey },
  });
  try {
    for (const table of tables) await createTable(client, table);
  } finally {
    client.destroy();
  }
  return { server, endpoint, accessKey, forward: (headers, body) => forward(endpoint, accessKey, headers, body) };
}

/** dynalite reads no signature and lets every web page in: requests must name an access key that nobody else knows. */
function requireKey(server: Server, accessKey: string): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.headers.authorization?.includes(`Credential=${accessKey}/`)) {
      for (const listener of listeners) void answerSafely(listener, request, response);
      return;
    }
    request.resume();
    response.writeHead(403, { connection: 'close' }).end('DynamoDB is at the port of the Firehose API.\n');
  });
}

/** dynalite throws at a request of a form that it does not foresee, a null in an item perhaps, which would end the process. */
async function answerSafely(listener: RequestListener, request: IncomingMessage, response: ServerResponse) {
  try {
    const body = await buffer(request);
    // It is given the request once more, now that the whole of it is there, so that what it throws comes back here.
    const { method = 'POST', url = '/', headers } = request;
    const again = Object.assign(new IncomingMessage(new Socket()), { method, url, headers });
    listener(again, response as Parameters<RequestListener>[1]);
    again.emit('data', body);
    again.emit('end');
  } catch (error) {
    const message = `The local DynamoDB can't read the request: ${error instanceof Error ? error.message : error}`;
    const body = JSON.stringify({ __type: 'com.amazon.coral.service#SerializationException', message });
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  }
}

/** Makes a table as the template has it, if it isn't there from an earlier run on this folder. */
async function createTable(client: DynamoDBClient, { ref, properties }: Resource): Promise<void> {
  // CloudFormation names these as the API does.
  const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes } = properties;
  const input = {
    TableName: ref,
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    GlobalSecondaryIndexes,
  } as CreateTableCommandInput;
  const existing = await describe(client, ref);
  if (existing) {
    if (sameIndexes(existing.GlobalSecondaryIndexes ?? [], input.GlobalSecondaryIndexes ?? [])) return;
    // dynalite adds no index to a table: one of an older template starts afresh, and with it every cooldown.
    await client.send(new DeleteTableCommand({ TableName: ref }));
    await waitUntilTableNotExists(patience(client), { TableName: ref });
  }
  await client.send(new CreateTableCommand(input));
  await waitUntilTableExists(patience(client), { TableName: ref });
}

/** Undefined when there is no such table. */
async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

type Index = Pick<GlobalSecondaryIndexDescription, 'IndexName' | 'KeySchema'>;

function sameIndexes(a: readonly Index[], b: readonly Index[]): boolean {
  const described = (indexes: readonly Index[]) =>
    indexes
      .map(({ IndexName, KeySchema = [] }) => [IndexName, ...KeySchema.map((key) => key.AttributeName)].join())
      .sort()
      .join(';');
  return described(a) === described(b);
}

/** Tables come and go a moment after the answer that says so. Seconds. */
function patience(client: DynamoDBClient) {
  return { client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 };
}

async function forward(
  endpoint: string,
  accessKey: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Reply> {
  const target = String(headers['x-amz-target']);
  refuseUnknown(target, body);
  const type = String(headers['content-type'] ?? jsonType);
  const response = await send(endpoint, accessKey, target, type, body);
  const answer = new Uint8Array(await response.arrayBuffer());
  const reply = {
    status: response.status,
    headers: { 'content-type': response.headers.get('content-type') ?? jsonType },
  };
  if (response.status !== 400 || !target.endsWith('.PutItem')) return { ...reply, body: answer };
  const refusal = await withRefusedItem(body, JSON.parse(Buffer.from(answer).toString()), async (operation, input) => {
    const text = Buffer.from(JSON.stringify(input));
    const asked = await send(endpoint, accessKey, target.replace('PutItem', operation), type, text);
    return (await asked.json()) as object;
  });
  return { ...reply, body: JSON.stringify(refusal) };
}

const jsonType = 'application/x-amz-json-1.0';

function send(endpoint: string, accessKey: string, target: string, type: string, body: Buffer): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': type,
      'x-amz-target': target,
      // Read for its form and its key, not for its signature.
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/any, SignedHeaders=host, Signature=any`,
      'x-amz-date': 'any',
    },
    body,
  });
}
