import type { IncomingHttpHeaders, Server } from 'node:http';
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
import { listen } from './listen.js';
import type { Reply } from './reply.js';

// The client warns on Node 20, which the project supports; nobody who runs `up` can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export interface LocalDynamoDB {
  readonly endpoint: string;
  readonly server: Server;
  /** Answers a request that came in elsewhere. */
  forward(headers: IncomingHttpHeaders, body: Buffer): Promise<Reply>;
}

/**
 * DynamoDB on disk with the tables of the templates (AWS::DynamoDB::Table). What dynalite does not know, such as
 * time to live and backups, is left out of the tables.
 */
export async function startDynamoDB(folder: string, tables: readonly Resource[]): Promise<LocalDynamoDB> {
  const server = dynalite({ path: folder, createTableMs: 0, deleteTableMs: 0 });
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'DynamoDB')}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    for (const table of tables) await createTable(client, table);
  } finally {
    client.destroy();
  }
  return { endpoint, server, forward: (headers, body) => forward(endpoint, headers, body) };
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

async function forward(endpoint: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
  const passed = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'];
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: Object.fromEntries(passed.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))),
    body,
  });
  const type = response.headers.get('content-type') ?? 'application/x-amz-json-1.0';
  return {
    status: response.status,
    headers: { 'content-type': type },
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
