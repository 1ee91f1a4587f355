import { dynamodb } from '../../shared/limits.js';

/** An attribute value of DynamoDB's JSON, of the kinds that the tables have. */
type Attribute = { readonly S: string } | { readonly N: string } | { readonly B: string };
export type Item = Readonly<Record<string, Attribute>>;

/** A request that writes, as it is sent. */
export interface Write {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
}

interface Known {
  readonly bytes: number;
  /** Its place in the index; undefined when it is not in it. */
  readonly place: string | undefined;
}

/** Keys of the index of infra/resources/alerts.yml, which projects nothing else. */
const indexKeys = ['agenda', 'at'];

/** Items that are remembered; one that is written again after so many others counts as a new one. */
const maxKnown = 100_000;

/**
 * What DynamoDB bills for writes: each KB that is begun of the item, of the one before if that is larger, is a unit, whatever the request weighs; and so
 * is each row of the index that goes or comes, of which all are smaller. A place that stays costs nothing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html and GSI.html
 */
export class WriteUnits {
  private readonly known = new Map<string, Known>();

  /** @param isDone whether it was carried out: one whose condition did not hold is billed as well, and moves nothing */
  of({ TableName, Item, Key }: Write, isDone: boolean): number {
    const id = JSON.stringify([TableName, (Item ?? Key)?.pk]);
    const before = this.known.get(id);
    const after = Item && { bytes: bytesOf(Item), place: placeOf(Item) };
    const units = unitsOf(Math.max(after?.bytes ?? 0, before?.bytes ?? 0));
    if (!isDone) return units;
    this.known.delete(id);
    if (after) this.known.set(id, after);
    const [oldest] = this.known.keys();
    if (this.known.size > maxKnown && oldest !== undefined) this.known.delete(oldest);
    if (before?.place === after?.place) return units;
    return units + [before?.place, after?.place].filter((place) => place !== undefined).length;
  }
}

function placeOf(item: Item): string | undefined {
  const keys = indexKeys.map((name) => item[name]);
  return keys.includes(undefined) ? undefined : JSON.stringify(keys);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: Attribute): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  return Math.ceil(value.N.replace(/^-/, '').length / 2) + 1;
}

export function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / dynamodb.writeUnitBytes));
}
