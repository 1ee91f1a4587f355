import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Item, type Metered, MeteredTable, textOf } from './meteredTable.js';

/** The metered table as a server of its own process, so that its CPU is not counted as that of a function. */
export interface TableServer {
  readonly url: string;
  /** What was metered since the last call. */
  take(): Promise<Metered>;
  /** Bytes of each item whose key begins with a prefix. */
  sizes(prefix: string): Promise<readonly number[]>;
  /** How many keys are due for the sweep at a time, ms since the epoch. */
  due(at: number): Promise<number>;
  /** How many messages were posted to it as a webhook. */
  posts(): Promise<number>;
  stop(): Promise<void>;
}

/** The argument with which this program is the server. */
export const asServer = '--table-server';

export async function startTableServer(): Promise<TableServer> {
  const child: ChildProcess = fork(process.argv[1] ?? '', [asServer], { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const ask = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
  return {
    url,
    take: () => ask<Metered>('/take'),
    sizes: (prefix) => ask<number[]>(`/sizes?${new URLSearchParams({ prefix })}`),
    due: (at) => ask<number>(`/due?at=${at}`),
    posts: () => ask<number>('/posts'),
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

export async function serveTable(): Promise<void> {
  const table = new MeteredTable();
  let posts = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://table');
    if (url.pathname === '/take') return void response.end(JSON.stringify(table.take()));
    if (url.pathname === '/sizes')
      return void response.end(JSON.stringify(table.sizes(url.searchParams.get('prefix') ?? '')));
    if (url.pathname === '/due')
      return void response.end(JSON.stringify(table.due('sweep#', Number(url.searchParams.get('at')))));
    // No batch was refused by the queue.
    if (url.searchParams.has('list-type')) return void response.end('<ListBucketResult></ListBucketResult>');
    if (url.pathname === '/posts') return void response.end(JSON.stringify(posts));
    if (url.pathname.startsWith('/services/')) {
      posts++;
      request.resume();
      return void response.end('ok');
    }
    await answer(table, request, response);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
}

/** The parts of DynamoDB's requests that the functions use. */
interface Input {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Item;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly Item[]; readonly ConsistentRead?: boolean }>
  >;
}

async function answer(table: MeteredTable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const input = JSON.parse(await text(request)) as Input;
  const operation = String(request.headers['x-amz-target']).split('.')[1];
  const output = outputOf(table, operation, input);
  response.statusCode = '__type' in output ? 400 : 200;
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify(output));
}

function outputOf(table: MeteredTable, operation: string | undefined, input: Input): object {
  const values = input.ExpressionAttributeValues ?? {};
  switch (operation) {
    case 'GetItem': {
      const item = table.get(textOf(input.Key ?? {}, 'pk'), input.ConsistentRead ?? false);
      return item ? { Item: item } : {};
    }
    case 'BatchGetItem': {
      const found = Object.entries(input.RequestItems ?? {}).map(
        ([name, { Keys: keys, ConsistentRead: isConsistent }]) => {
          const items = keys.map((key) => table.get(textOf(key, 'pk'), isConsistent ?? false));
          return [name, items.filter((item) => item !== undefined)] as const;
        },
      );
      return { Responses: Object.fromEntries(found), UnprocessedKeys: {} };
    }
    case 'PutItem': {
      const saved = table.put(input.Item ?? {}, conditionOf(input.ConditionExpression, values));
      return saved ? {} : { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };
    }
    case 'DeleteItem':
      table.remove(textOf(input.Key ?? {}, 'pk'));
      return {};
    case 'Query': {
      const [from, to] = [Number(textOf(values, ':from')), Number(textOf(values, ':to'))];
      const limit = input.Limit ?? Number.POSITIVE_INFINITY;
      const { items, last } = table.query(textOf(values, ':part'), from, to, limit, input.ExclusiveStartKey);
      return { Items: items, Count: items.length, ...(last ? { LastEvaluatedKey: last } : {}) };
    }
    default:
      throw new Error(`the metered table has no ${operation}`);
  }
}

/** Those that functions/adapters/dynamoStateStore.ts states. */
function conditionOf(expression: string | undefined, values: Item): (before: Item | undefined) => boolean {
  switch (expression) {
    case undefined:
      return () => true;
    case 'attribute_not_exists(pk)':
      return (before) => before === undefined;
    case 'version = :expected':
      return (before) => before !== undefined && textOf(before, 'version') === textOf(values, ':expected');
    default:
      throw new Error(`the metered table does not know the condition ${expression}`);
  }
}
