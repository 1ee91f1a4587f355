import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Agenda, StateStore, Stored } from '../../shared/alerts/ports.js';
import { RecentStates } from './recentStates.js';
import { fromAttribute, toAttribute } from './stateJson.js';

/**
 * The parts that an agenda is kept in. All items of one part share one partition of the index, which takes 1,000 writes a second.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const parts: Readonly<Record<Agenda, number>> = { sweep: 8, digests: 1, silences: 1, conditional: 1 };

type Item = Record<string, AttributeValue>;

/**
 * The items of keys (shared/alerts/state/keyStates.ts), which alone are compressed with the dictionary: a version before does not look for them, and
 * could read no other item so. Without the state of an endpoint it would post nothing there after a way back.
 */
const isOfKey = /^(?:key|replayed|apart)#/;

/** Rows of a part that are read at a time. */
const pageRows = 100;

/**
 * State in a DynamoDB table: one item for each id, replaced only if its version is still the one that was read. `value` is
 * JSON, compressed when it is long; `expires` (epoch seconds) is the table's TTL attribute, and only clears away; `agenda` and
 * `at` are the key of the index `agenda`, which holds only what is on one.
 *
 * @param recentBytes how much is recalled of what was saved or read last, bytes of JSON: nothing unless it is given.
 */
export function dynamoStateStore(client: DynamoDBClient, table: string, recentBytes = 0): StateStore {
  const recent = new RecentStates(recentBytes);

  function learn(id: string, item: Item | undefined): Stored | undefined {
    const json = fromAttribute(item?.value);
    if (item && json === undefined) throw new Error(`the item ${id} has no value that can be read`);
    const stored = item && json !== undefined ? storedOf(item, json) : undefined;
    if (stored && json) recent.keep(id, stored, json.length);
    else recent.forget(id);
    return stored;
  }

  return {
    async load(id) {
      const command = new GetItemCommand({ TableName: table, Key: { pk: { S: id } }, ConsistentRead: true });
      const { Item: item } = await client.send(command);
      return learn(id, item);
    },

    async loadAll(ids) {
      const keys = [...new Set(ids)].map((id) => ({ pk: { S: id } }));
      const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } });
      const { Responses: { [table]: items = [] } = {} } = await client.send(command);
      const found = new Map<string, Stored>();
      for (const item of items) {
        const id = item.pk?.S ?? '';
        const stored = readable(() => learn(id, item));
        if (stored) found.set(id, stored);
      }
      return found;
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
          value: toAttribute(json, { dictionary: isOfKey.test(id) }),
          expires: { N: `${Math.ceil(expires / 1000)}` },
          ...(agenda ? { agenda: { S: `${agenda.name}#${partOf(agenda.name, id)}` }, at: { N: `${agenda.at}` } } : {}),
        },
        ...(expected === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :expected',
              ExpressionAttributeValues: { ':expected': { N: `${expected}` } },
            }),
        // What somebody else saved: whoever decides again need not read it.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(command);
        recent.keep(id, { value, version, ...(agenda ? { agenda } : {}) }, json.length);
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) {
          recent.forget(id);
          throw error;
        }
        learn(id, error.Item);
        return false;
      }
    },

    async remove(id) {
      recent.forget(id);
      await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: id } } }));
    },

    async *agenda(agenda, from, to) {
      const rows = Array.from(
        { length: parts[agenda] },
        (_, part) => new Rows(client, table, `${agenda}#${part}`, from, to),
      );
      for (;;) {
        await Promise.all(rows.map((part) => part.fill()));
        const [earliest] = rows.flatMap((part) => part.first ?? []).sort((a, b) => a.at - b.at);
        if (!earliest) break;
        yield earliest.id;
        rows.find(({ first }) => first === earliest)?.shift();
      }
      const failed = rows.find(({ failure }) => failure);
      if (failed) throw failed.failure;
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
          const json = fromAttribute(item.value);
          if (json !== undefined && item.pk?.S !== undefined) yield { id: item.pk.S, ...storedOf(item, json) };
        }
      }
    },
  };
}

function storedOf({ version, agenda, at }: Item, json: string): Stored {
  const stored = { value: JSON.parse(json) as unknown, version: Number(version?.N) };
  if (!agenda?.S || !at?.N) return stored;
  return { ...stored, agenda: { name: agenda.S.split('#')[0] as Agenda, at: Number(at.N) } };
}

/** Undefined for what is stored in a form that nobody can read. */
function readable(read: () => Stored | undefined): Stored | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function partOf(agenda: Agenda, id: string): number {
  return createHash('sha256').update(id).digest().readUInt16BE() % parts[agenda];
}

interface Row {
  readonly id: string;
  readonly at: number;
}

/** The rows of one part of an agenda, the earliest first, read a page at a time. */
class Rows {
  private readonly pages: AsyncIterator<QueryCommandOutput>;
  private page: readonly Row[] = [];
  private at = 0;
  private isOver = false;
  /** Why there are no more of them: the rows of other parts are read all the same. */
  failure: Error | undefined;

  constructor(client: DynamoDBClient, table: string, part: string, from: number, to: number) {
    const query = {
      TableName: table,
      IndexName: 'agenda',
      KeyConditionExpression: 'agenda = :part AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':part': { S: part }, ':from': { N: `${from}` }, ':to': { N: `${to}` } },
    };
    this.pages = paginateQuery({ client, pageSize: pageRows }, query)[Symbol.asyncIterator]();
  }

  /** Reads the next page when there is no row left of the last one. */
  async fill(): Promise<void> {
    while (!this.first && !this.isOver) {
      const { value, done } = await this.pages.next().catch((error: unknown) => this.endedBy(error));
      this.isOver = done ?? false;
      const { Items: items = [] }: Pick<QueryCommandOutput, 'Items'> = done ? {} : value;
      this.page = items.map(({ pk, at }) => ({ id: pk?.S ?? '', at: Number(at?.N) }));
      this.at = 0;
    }
  }

  private endedBy(error: unknown): IteratorReturnResult<undefined> {
    this.failure = error instanceof Error ? error : new Error(String(error));
    return { value: undefined, done: true };
  }

  get first(): Row | undefined {
    return this.page[this.at];
  }

  shift(): void {
    this.at++;
  }
}
