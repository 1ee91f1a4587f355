import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { Agenda, StateStore, Stored } from '../../shared/alerts/ports.js';

/**
 * States that this process saved or read last are kept for its next batch: the busiest keys come again and again. Large
 * ones are read again: so many of them would not fit a small function's memory.
 */
const cached = { states: 2000, largest: 8192 } as const;

/**
 * The parts that an agenda is kept in. All items of one part share one partition of the index, which takes 1,000 writes a second.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const parts: Readonly<Record<Agenda, number>> = { sweep: 8, digests: 1, silences: 1, conditional: 1 };

type Item = Record<string, AttributeValue>;

/**
 * State in a DynamoDB table: one item for each id, replaced only if its version is still the one that was read. `value` is
 * JSON; `expires` (epoch seconds) is the table's TTL attribute, and only clears away; `agenda` and `at` are the key of the
 * index `agenda`, which holds only what is on one.
 */
export function dynamoStateStore(client: DynamoDBClient, table: string): StateStore {
  const recent = new RecentStates();

  return {
    async load(id) {
      const command = new GetItemCommand({ TableName: table, Key: { pk: { S: id } }, ConsistentRead: true });
      const { Item: item } = await client.send(command);
      const stored = item && readItem(item);
      recent.keep(id, stored, item?.value?.S?.length ?? 0);
      return stored;
    },

    recall: (id) => recent.get(id),

    async save(id, value, expected, { expires, agenda }) {
      const json = JSON.stringify(value);
      const version = (expected ?? 0) + 1;
      const command = new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: id },
          version: { N: `${version}` },
          value: { S: json },
          expires: { N: `${Math.ceil(expires / 1000)}` },
          ...(agenda ? { agenda: { S: `${agenda.name}#${partOf(agenda.name, id)}` }, at: { N: `${agenda.at}` } } : {}),
        },
        ...(expected === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :expected',
              ExpressionAttributeValues: { ':expected': { N: `${expected}` } },
            }),
      });
      try {
        await client.send(command);
        recent.keep(id, { value, version }, json.length);
        return true;
      } catch (error) {
        recent.keep(id, undefined, 0);
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async remove(id) {
      recent.keep(id, undefined, 0);
      await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: id } } }));
    },

    async agenda(agenda, from, to, limit) {
      const lists = await Promise.all(
        Array.from({ length: parts[agenda] }, (_, part) =>
          entries(client, table, `${agenda}#${part}`, { from, to, limit }),
        ),
      );
      const earliestFirst = lists.flat().sort((a, b) => a.at - b.at);
      return earliestFirst.slice(0, limit).map(({ id }) => id);
    },

    async *scan(prefix) {
      const query = {
        TableName: table,
        FilterExpression: 'begins_with(pk, :prefix)',
        ExpressionAttributeValues: { ':prefix': { S: prefix } },
        ConsistentRead: true,
      };
      for await (const { Items: items = [] } of paginateScan({ client }, query)) {
        for (const item of items) {
          const stored = readItem(item);
          if (stored && item.pk?.S !== undefined) yield { id: item.pk.S, ...stored };
        }
      }
    },
  };
}

function readItem({ value, version }: Item): Stored | undefined {
  if (!value?.S || !version?.N) return undefined;
  return { value: JSON.parse(value.S), version: Number(version.N) };
}

function partOf(agenda: Agenda, id: string): number {
  return createHash('sha256').update(id).digest().readUInt16BE() % parts[agenda];
}

async function entries(
  client: DynamoDBClient,
  table: string,
  part: string,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<{ readonly id: string; readonly at: number }[]> {
  const query = {
    TableName: table,
    IndexName: 'agenda',
    KeyConditionExpression: 'agenda = :part AND #at BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':part': { S: part }, ':from': { N: `${from}` }, ':to': { N: `${to}` } },
    Limit: limit,
  };
  const found: { readonly id: string; readonly at: number }[] = [];
  for await (const { Items: items = [] } of paginateQuery({ client }, query)) {
    found.push(...items.map(({ pk, at }) => ({ id: pk?.S ?? '', at: Number(at?.N) })));
    if (found.length >= limit) break;
  }
  return found;
}

/** The one that was not asked for longest makes room for another. */
class RecentStates {
  private readonly states = new Map<string, Stored>();

  get(id: string): Stored | undefined {
    const stored = this.states.get(id);
    if (stored) {
      this.states.delete(id);
      this.states.set(id, stored);
    }
    return stored;
  }

  keep(id: string, stored: Stored | undefined, size: number): void {
    this.states.delete(id);
    if (!stored || size > cached.largest) return;
    this.states.set(id, stored);
    if (this.states.size <= cached.states) return;
    for (const oldest of this.states.keys()) {
      this.states.delete(oldest);
      break;
    }
  }
}
