import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** JSON of fewer bytes is stored as it is, so that it can be read in the console. */
const readable = 512;

/** Up to 4 KB of JSON in which names come again and again: a larger window finds no more, and takes longer to set up. */
const compression = { level: 6, windowBits: 12, memLevel: 5 } as const;

/**
 * A state as an attribute: each KB of an item that is begun is billed with every write, so it is compressed. A KB costs as much
 * as 25 ms of a vCPU (shared/prices.ts), to compress it takes a tenth of a millisecond.
 */
export function toAttribute(json: string): AttributeValue {
  return json.length < readable ? { S: json } : { B: deflateRawSync(json, compression) };
}

/** The JSON of an attribute; undefined when it is of no kind that is stored. */
export function fromAttribute(attribute: AttributeValue | undefined): string | undefined {
  if (attribute?.B) return inflateRawSync(attribute.B).toString();
  return attribute?.S;
}
