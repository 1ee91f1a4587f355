import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { stateDictionary } from './stateDictionary.js';

/** JSON of fewer bytes is stored as it is, so that it can be read in the console. */
const readable = 512;

/** The states of a key are mostly some 10 KB of JSON in which names come again and again. */
const compression = { level: 6, windowBits: 14, memLevel: 6 } as const;

/** The first byte of what refers to the dictionary. No deflated data begins with it: it would be of a kind of block that there is not (RFC 1951, 3.2.3). */
const withDictionary = 0x06;

/**
 * A state as an attribute: each KB of an item that is begun is billed with every write, so it is compressed. A KB costs as much
 * as 25 ms of a vCPU (shared/prices.ts), to compress it takes a tenth of a millisecond.
 *
 * @param dictionary whether it may refer to the dictionary, which a version before can't read.
 */
export function toAttribute(json: string, { dictionary }: { readonly dictionary: boolean }): AttributeValue {
  if (json.length < readable) return { S: json };
  if (!dictionary) return { B: deflateRawSync(json, compression) };
  const deflated = deflateRawSync(json, { ...compression, dictionary: stateDictionary });
  return { B: Buffer.concat([Buffer.of(withDictionary), deflated]) };
}

/** The JSON of an attribute; undefined when it is of no kind that is stored. */
export function fromAttribute(attribute: AttributeValue | undefined): string | undefined {
  if (!attribute?.B) return attribute?.S;
  const bytes = attribute.B;
  // A version before used none.
  if (bytes[0] !== withDictionary) return inflateRawSync(bytes).toString();
  return inflateRawSync(bytes.subarray(1), { dictionary: stateDictionary }).toString();
}
