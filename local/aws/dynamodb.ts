import type { Server } from 'node:http';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Resource } from '../infra/infra.js';
import { listen } from './listen.js';

// The client warns on Node 20, which the project supports; nobody who runs `up` can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export interface LocalDynamoDB {
  readonly endpoint: string;
  readonly server: Server;
}

/**
 * DynamoDB on disk with the tables of the templates (AWS::DynamoDB::Table). What dynalite does not know, such as
 * time to live and backups, is left out of the tables.
 */
export async function startDynamoDB(folder: string, tables: readonly Resource[]): Promise<LocalDynamoDB> {
  const server = dynalite({ path: folder, createTableMs: 0 });
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
  return { endpoint, server };
}

async function createTable(client: DynamoDBClient, { ref, properties }: Resource): Promise<void> {
  // CloudFormation names these as the API does.
  const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes } = properties;
  const input = { TableName: ref, AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes };
  try {
    await client.send(new CreateTableCommand(input as CreateTableCommandInput));
  } catch (error) {
    // Already there, from an earlier run on this folder.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
