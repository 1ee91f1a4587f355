import { randomInt } from 'node:crypto';
import { firehose } from '../../shared/limits.js';
import { compileTimestampPattern, type TimestampFormat } from './timestampPattern.js';

/** What a record's own metadata says about its place. */
export type PrefixKeys = { readonly [key: string]: unknown };

/** Partition keys by the namespace that a prefix names them in. */
export interface PartitionKeys {
  readonly lambda: PrefixKeys;
  readonly query: PrefixKeys;
}

export type Partition =
  /** The prefix with the record's keys filled in; its time and random parts are still to be evaluated. */
  { readonly found: true; readonly prefix: string } | { readonly found: false; readonly reason: string };

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'lambda key' | 'query key'; readonly key: string }
  | { readonly kind: 'error type' }
  | { readonly kind: 'random' }
  | { readonly kind: 'timestamp'; readonly format: TimestampFormat; readonly source: string };

/** An S3 prefix expression: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
export class PrefixExpression {
  private readonly parts: readonly Part[];

  /** @throws Error naming an expression that Firehose or the local stream does not know. */
  constructor(readonly source: string) {
    this.parts = compile(source);
  }

  get usesLambdaKeys(): boolean {
    return this.parts.some((part) => part.kind === 'lambda key');
  }

  get usesQueryKeys(): boolean {
    return this.parts.some((part) => part.kind === 'query key');
  }

  get usesPartitionKeys(): boolean {
    return this.usesLambdaKeys || this.usesQueryKeys;
  }

  get hasExpressions(): boolean {
    return this.parts.some((part) => part.kind !== 'literal');
  }

  get usesErrorType(): boolean {
    return this.parts.some((part) => part.kind === 'error type');
  }

  /** Fills in a record's partition keys. Equal prefixes share a buffer, and so an object. */
  partitionFor(keys: PartitionKeys): Partition {
    let prefix = '';
    for (const part of this.parts) {
      if (part.kind !== 'lambda key' && part.kind !== 'query key') {
        prefix += sourceOf(part);
        continue;
      }
      const value = keys[part.kind === 'lambda key' ? 'lambda' : 'query'][part.key];
      if (value === undefined || value === null || value === '') {
        return { found: false, reason: 'partitionKeys values must not be null or empty' };
      }
      if (typeof value !== 'string' || value.includes('!{')) {
        return { found: false, reason: `partitionKeys value of ${part.key} must be a string without "!{"` };
      }
      prefix += value;
    }
    // Expressions only shrink from here on: the longest, a timestamp, evaluates to less than its source.
    if (prefix.length > firehose.maxPrefixLength) {
      return { found: false, reason: `the evaluated prefix is longer than ${firehose.maxPrefixLength} characters` };
    }
    return { found: true, prefix };
  }

  /** Fills in the error type, such as `processing-failed`. */
  errorPrefix(errorType: string): string {
    return this.parts.map((part) => (part.kind === 'error type' ? errorType : sourceOf(part))).join('');
  }
}

/** Evaluates what is left in a partition's prefix: `at` is the arrival of the oldest record in the object. */
export function evaluatePrefix(prefix: string, at: number, timeZone = 'UTC'): string {
  return compile(prefix)
    .map((part) => {
      if (part.kind === 'timestamp') return part.format(at, timeZone);
      if (part.kind === 'random') return randomString();
      return sourceOf(part);
    })
    .join('');
}

function compile(source: string): Part[] {
  const parts: Part[] = [];
  let rest = 0;
  for (const match of source.matchAll(/!\{([^}]*)\}/g)) {
    if (match.index > rest) parts.push({ kind: 'literal', text: source.slice(rest, match.index) });
    parts.push(expression(match[1] ?? '', match[0]));
    rest = match.index + match[0].length;
  }
  const tail = source.slice(rest);
  if (tail.includes('!{')) throw new Error(`the prefix "${source}" opens an expression "!{" without closing it.`);
  if (tail !== '') parts.push({ kind: 'literal', text: tail });
  return parts;
}

function expression(body: string, source: string): Part {
  const colon = body.indexOf(':');
  const [namespace, value] = [body.slice(0, colon), body.slice(colon + 1)];
  if (namespace === 'partitionKeyFromLambda' && value !== '') return { kind: 'lambda key', key: value };
  if (namespace === 'partitionKeyFromQuery' && value !== '') return { kind: 'query key', key: value };
  if (namespace === 'timestamp' && value !== '') {
    return { kind: 'timestamp', format: compileTimestampPattern(value), source };
  }
  if (body === 'firehose:random-string') return { kind: 'random' };
  if (body === 'firehose:error-output-type') return { kind: 'error type' };
  throw new Error(
    `the expression "${source}" is not supported on a laptop: use !{partitionKeyFromLambda:KEY}, !{partitionKeyFromQuery:KEY}, !{timestamp:PATTERN}, !{firehose:random-string} or !{firehose:error-output-type}.`,
  );
}

function sourceOf(part: Part): string {
  switch (part.kind) {
    case 'literal':
      return part.text;
    case 'lambda key':
      return `!{partitionKeyFromLambda:${part.key}}`;
    case 'query key':
      return `!{partitionKeyFromQuery:${part.key}}`;
    case 'error type':
      return '!{firehose:error-output-type}';
    case 'random':
      return '!{firehose:random-string}';
    case 'timestamp':
      return part.source;
  }
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 11 alphanumeric characters, new for each use. */
function randomString(): string {
  return Array.from({ length: 11 }, () => alphanumeric[randomInt(alphanumeric.length)]).join('');
}
