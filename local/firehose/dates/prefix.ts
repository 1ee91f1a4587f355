import { randomInt } from 'node:crypto';
import { firehose } from '../../../shared/limits.js';
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

/** A prefix that Firehose refuses; the message says what is wrong with which expression. */
export class InvalidPrefix extends Error {
  override readonly name = 'InvalidPrefix';
  constructor(
    /** The part of an expression that is wrong. */
    readonly part: 'syntax' | 'namespace' | 'value',
    readonly found: string,
    message: string,
  ) {
    super(message);
  }
}

/** An S3 prefix expression: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html */
export class PrefixExpression {
  private readonly parts: readonly Part[];

  /** @throws InvalidPrefix for an expression that Firehose doesn't know. */
  constructor(readonly source: string) {
    this.parts = compile(source);
  }

  get usesLambdaKeys(): boolean {
    return this.parts.some((part) => part.kind === 'lambda key');
  }

  get usesQueryKeys(): boolean {
    return this.queryKeys.size > 0;
  }

  /** The keys that records need from the MetadataExtraction processor. */
  get queryKeys(): ReadonlySet<string> {
    return new Set(this.parts.flatMap((part) => (part.kind === 'query key' ? part.key : [])));
  }

  /** The fewest characters that the prefix evaluates to. */
  get leastLength(): number {
    const lengths = this.parts.map((part) => {
      if (part.kind === 'literal') return part.text.length;
      return part.kind === 'random' ? randomStringLength : 1;
    });
    return lengths.reduce((sum, length) => sum + length, 0);
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
      const own = part.kind === 'lambda key' ? keys.lambda : keys.query;
      const value = Object.hasOwn(own, part.key) ? own[part.key] : undefined;
      if (value === undefined || value === null || value === '') {
        return { found: false, reason: 'partitionKeys values must not be null or empty' };
      }
      if (typeof value !== 'string' || value.includes('!{')) {
        return { found: false, reason: `partitionKeys value of ${part.key} must be a string without "!{"` };
      }
      prefix += value;
    }
    // An expression evaluates to about as much as its source; only names of months and zones are longer at times.
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
  if (tail.includes('!{'))
    throw new InvalidPrefix('syntax', source, 'an expression "!{" is opened without being closed.');
  if (tail !== '') parts.push({ kind: 'literal', text: tail });
  return parts;
}

function expression(body: string, source: string): Part {
  const colon = body.indexOf(':');
  const [namespace, value] = [body.slice(0, colon), body.slice(colon + 1)];
  if (colon < 1 || value === '')
    throw new InvalidPrefix('syntax', source, `${source} is not of the form !{namespace:value}.`);
  switch (namespace) {
    case 'partitionKeyFromLambda':
      return { kind: 'lambda key', key: value };
    case 'partitionKeyFromQuery':
      return { kind: 'query key', key: value };
    case 'timestamp':
      return { kind: 'timestamp', format: timestamp(value, source), source };
    case 'firehose':
      if (value === 'random-string') return { kind: 'random' };
      if (value === 'error-output-type') return { kind: 'error type' };
      throw new InvalidPrefix('value', source, `${source}: use random-string or error-output-type.`);
    default:
      throw new InvalidPrefix(
        'namespace',
        namespace,
        `${source}: use timestamp, firehose, partitionKeyFromLambda or partitionKeyFromQuery.`,
      );
  }
}

function timestamp(pattern: string, source: string): TimestampFormat {
  try {
    return compileTimestampPattern(pattern);
  } catch (error) {
    throw new InvalidPrefix('value', source, `${source}: ${error instanceof Error ? error.message : String(error)}`);
  }
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

const randomStringLength = 11;

/** New for each use. */
function randomString(): string {
  return Array.from({ length: randomStringLength }, () => alphanumeric[randomInt(alphanumeric.length)]).join('');
}
