import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  type KeysAndAttributes,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { fromAttribute } from '../../functions/adapters/stateJson.js';
import { parallelReads } from '../../shared/alerts/state/keyStates.js';
import { dynamodb } from '../../shared/limits.js';
import type { Machine } from './machine.js';
import { latencies, measured } from './measured.js';
import type { MessageContents } from './messageContents.js';
import { bytesOf, type Item, readUnits, Units, writeUnits } from './tableUnits.js';
import type { VirtualTime } from './virtualTime.js';

/** What DynamoDB counted. */
export interface TableCounts {
  writeUnits: number;
  /** Of these, for the entries of the index. */
  indexUnits: number;
  readUnits: number;
  puts: number;
  gets: number;
  /** Puts that were refused since another instance had been faster, and of which function and kind of item these were: `sweep: key`. */
  conflicts: number;
  readonly conflictsOf: Record<string, number>;
  throttled: number;
  largestItem: number;
}

/** How many keys the item of an id stands for. */
export type WeightOf = (id: string) => number;

/**
 * The alerts table: as much of DynamoDB as the adapter of functions/ asks for, with its units, its quotas and what it takes to
 * answer. An item that stands for several counts as often; what is spread over the index is spread for them as well.
 */
export class AlertsTable {
  readonly counts: TableCounts = {
    writeUnits: 0,
    indexUnits: 0,
    readUnits: 0,
    puts: 0,
    gets: 0,
    conflicts: 0,
    conflictsOf: {},
    throttled: 0,
    largestItem: 0,
  };
  private readonly items = new Map<string, Item>();
  /** Ids by the key of the index. */
  private readonly index = new Map<string, Set<string>>();
  private readonly writes = new Units(dynamodb.maxTableUnits);
  private readonly reads = new Units(dynamodb.maxTableUnits);
  private readonly parts = new Map<string, Units>();

  constructor(
    private readonly time: VirtualTime,
    private readonly weightOf: WeightOf,
    private readonly contents: MessageContents,
  ) {}

  /** A client for one instance of a function; `machine` is that of the invocation that it is in. */
  client(of: string, machine: () => Machine): DynamoDBClient {
    return new TableClient(this, of, machine);
  }

  /** Bytes of all items, by the keys that they stand for, ascending. */
  sizes(): number[] {
    return [...this.items.values()].map(bytesOf).sort((a, b) => a - b);
  }

  /** @throws what DynamoDB would answer */
  async answer(command: unknown, of: string, machine: Machine): Promise<unknown> {
    const weight = weightIn(command, this.weightOf);
    machine.spend(measured.alertCpuPerRequest);
    try {
      return await this.attempt(command, of, machine, weight);
    } finally {
      // The requests for the other keys follow: nobody waits for this one meanwhile, nor is faster.
      machine.owe(measured.alertCpuPerRequest * (weight - 1));
      await machine.paid();
    }
  }

  private async attempt(command: unknown, of: string, machine: Machine, weight: number): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      await machine.answered(latencies.dynamodb);
      if (this.admits(command, weight)) return this.carryOut(command, of, weight);
      this.counts.throttled += weight;
      // The SDK's own attempts and pauses.
      if (attempt === maxAttempts)
        throw new ProvisionedThroughputExceededException({ message: 'throttled', $metadata: {} });
      await machine.answered(firstPause * 2 ** (attempt - 1));
    }
  }

  private admits(command: unknown, weight: number): boolean {
    const now = this.time.now();
    if (!(command instanceof PutItemCommand)) return this.reads.has(now);
    const keys = this.indexKeys(command);
    return this.writes.has(now) && keys.every((key) => this.partOf(key).has(now)) && weight > 0;
  }

  private carryOut(command: unknown, of: string, weight: number): unknown {
    if (command instanceof GetItemCommand) {
      const item = this.items.get(command.input.Key?.pk?.S ?? '');
      this.counts.gets += weight;
      this.read(readUnits(item ? bytesOf(item) : 0), weight);
      return item ? { Item: item } : {};
    }
    if (command instanceof BatchGetItemCommand) return this.getAll(command);
    if (command instanceof PutItemCommand) return this.put(command, of, weight);
    if (command instanceof DeleteItemCommand) {
      this.replace(command.input.Key?.pk?.S ?? '', undefined, weight);
      return {};
    }
    if (command instanceof QueryCommand) return this.query(command, weight);
    throw new Error(
      `the simulated table has no answer to ${Object(command).constructor.name}; add it to test/simulate/table.ts`,
    );
  }

  private getAll({ input }: BatchGetItemCommand): unknown {
    const [[table, { Keys: keys = [] }]] = Object.entries(input.RequestItems ?? {}) as [[string, KeysAndAttributes]];
    const items = keys.flatMap(({ pk }) => {
      const item = this.items.get(pk?.S ?? '');
      const weight = this.weightOf(pk?.S ?? '');
      this.counts.gets += weight;
      this.read(readUnits(item ? bytesOf(item) : 0), weight);
      return item ? [item] : [];
    });
    return { Responses: { [table]: items }, UnprocessedKeys: {} };
  }

  private put({ input }: PutItemCommand, of: string, weight: number): unknown {
    const item = (input.Item ?? {}) as Item;
    const id = item.pk?.S ?? '';
    const stored = this.items.get(id);
    const expected = input.ExpressionAttributeValues?.[':expected']?.N;
    this.counts.puts += weight;
    if (stored?.version?.N !== expected) {
      this.counts.conflicts += weight;
      const kind = `${of}: ${kindOf(id)}`;
      this.counts.conflictsOf[kind] = (this.counts.conflictsOf[kind] ?? 0) + weight;
      this.write(writeUnits(stored ? bytesOf(stored) : 0), weight);
      throw new ConditionalCheckFailedException({
        message: 'the condition does not hold',
        $metadata: {},
        ...(stored ? { Item: stored } : {}),
      });
    }
    this.replace(id, item, weight);
    if (this.contents.watches(id)) this.contents.saved(id, JSON.parse(fromAttribute(item.value) ?? ''));
    return {};
  }

  private replace(id: string, item: Item | undefined, weight: number): void {
    const stored = this.items.get(id);
    const size = Math.max(item ? bytesOf(item) : 0, stored ? bytesOf(stored) : 0);
    this.counts.largestItem = Math.max(this.counts.largestItem, size);
    this.write(writeUnits(size), weight);
    this.writeIndex(id, stored, item, weight);
    if (item) this.items.set(id, item);
    else this.items.delete(id);
  }

  /** An entry whose key changes is deleted and written anew, each for a unit. */
  private writeIndex(id: string, stored: Item | undefined, item: Item | undefined, weight: number): void {
    const [from, to] = [stored?.agenda?.S, item?.agenda?.S];
    if (from === to && stored?.at?.N === item?.at?.N) return;
    for (const key of [from, to]) {
      if (key === undefined) continue;
      this.counts.indexUnits += weight;
      this.write(1, weight);
      this.takeFromParts(key, weight);
    }
    if (from !== undefined) this.index.get(from)?.delete(id);
    if (to !== undefined) this.entriesOf(to).add(id);
  }

  /** Keys that differ in their part of an agenda are spread over its parts: `sweep#3`. */
  private takeFromParts(key: string, weight: number): void {
    if (weight === 1) {
      this.partOf(key).take(this.time.now(), 1);
      return;
    }
    const name = key.slice(0, key.indexOf('#') + 1);
    const parts = [...this.index.keys()].filter((each) => each.startsWith(name));
    for (const part of parts.length > 0 ? parts : [key])
      this.partOf(part).take(this.time.now(), weight / Math.max(1, parts.length));
  }

  private indexKeys({ input }: PutItemCommand): string[] {
    const item = input.Item as Item | undefined;
    const stored = this.items.get(item?.pk?.S ?? '');
    if (stored?.agenda?.S === item?.agenda?.S && stored?.at?.N === item?.at?.N) return [];
    return [stored?.agenda?.S, item?.agenda?.S].flatMap((key) => key ?? []);
  }

  private query({ input }: QueryCommand, weight: number): unknown {
    const values = input.ExpressionAttributeValues ?? {};
    const number = (name: string) => Number(values[name]?.N);
    const [from, to] = [number(':from'), number(':to')];
    const start = input.ExclusiveStartKey;
    const entries = [...(this.index.get(values[':part']?.S ?? '') ?? [])]
      .map((id) => ({ id, at: Number(this.items.get(id)?.at?.N), item: this.items.get(id) as Item }))
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const first = start
      ? entries.findIndex(
          ({ id, at }) => at > Number(start.at?.N) || (at === Number(start.at?.N) && id > (start.pk?.S ?? '')),
        )
      : 0;
    const page = first < 0 ? [] : entries.slice(first, first + (input.Limit ?? entries.length));
    const keys = page.map(({ item }) => ({ pk: item.pk, agenda: item.agenda, at: item.at }) as Item);
    const bytes = keys.reduce((sum, key) => sum + bytesOf(key) * this.weightOf(key.pk?.S ?? ''), 0);
    // Not consistent: half a unit for each 4 KB.
    this.read(Math.max(0.5, readUnits(bytes) / 2), weight);
    const last = keys.at(-1);
    return { Items: keys, ...(last && first + page.length < entries.length ? { LastEvaluatedKey: last } : {}) };
  }

  private entriesOf(key: string): Set<string> {
    const entries = this.index.get(key) ?? new Set();
    this.index.set(key, entries);
    return entries;
  }

  private partOf(key: string): Units {
    const part = this.parts.get(key) ?? new Units(dynamodb.maxPartitionWrites);
    this.parts.set(key, part);
    return part;
  }

  private write(units: number, weight: number): void {
    this.counts.writeUnits += units * weight;
    this.writes.take(this.time.now(), units * weight);
  }

  private read(units: number, weight: number): void {
    this.counts.readUnits += units * weight;
    this.reads.take(this.time.now(), units * weight);
  }
}

/** Attempts of the SDK (`standard`), and the pause before the second, milliseconds. */
const [maxAttempts, firstPause] = [3, 50];

/** The real adapter takes it for a client; nothing leaves the process. */
class TableClient extends DynamoDBClient {
  constructor(
    private readonly table: AlertsTable,
    private readonly of: string,
    private readonly machine: () => Machine,
  ) {
    super({ region: 'us-east-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
  }

  override send(command: unknown): Promise<never> {
    return this.table.answer(command, this.of, this.machine()) as Promise<never>;
  }
}

/** The kind of what has an id: `key`, `group`. */
function kindOf(id: string): string {
  return id.slice(0, id.indexOf('#'));
}

/** How many requests a request stands for. */
function weightIn(command: unknown, weightOf: WeightOf): number {
  if (command instanceof GetItemCommand || command instanceof DeleteItemCommand)
    return weightOf(command.input.Key?.pk?.S ?? '');
  if (command instanceof BatchGetItemCommand) {
    const keys = Object.values(command.input.RequestItems ?? {}).flatMap(({ Keys }) => Keys ?? []);
    return Math.ceil(keys.reduce((sum, { pk }) => sum + weightOf(pk?.S ?? ''), 0) / parallelReads);
  }
  return command instanceof PutItemCommand ? weightOf(command.input.Item?.pk?.S ?? '') : 1;
}
