import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { dynamodb } from '../../shared/limits.js';

export type Item = Record<string, AttributeValue>;

/** Units that come by the second, and are kept for a while when nobody takes them. */
export class Units {
  private left: number;
  private at = 0;

  constructor(private readonly perSecond: number) {
    this.left = perSecond * (dynamodb.burstTime / 1000);
  }

  has(now: number): boolean {
    this.fill(now);
    return this.left > 0;
  }

  /** What is taken beyond what is left is missing later. */
  take(now: number, units: number): void {
    this.fill(now);
    this.left -= units;
  }

  private fill(now: number): void {
    const { perSecond } = this;
    this.left = Math.min(perSecond * (dynamodb.burstTime / 1000), this.left + (perSecond * (now - this.at)) / 1000);
    this.at = now;
  }
}

/** Names and values, UTF-8. */
export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
}

function sizeOf({ S: text, N: number, B: bytes }: AttributeValue): number {
  if (text !== undefined) return Buffer.byteLength(text);
  return bytes === undefined ? Math.ceil((number ?? '').length / 2) + 1 : bytes.length;
}

/** Units of a write, and of a consistent read. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / dynamodb.writeUnitBytes));
}

export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / dynamodb.readUnitBytes));
}
