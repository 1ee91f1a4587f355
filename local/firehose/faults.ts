import { nearestWord } from '../../shared/yaml/nearest.js';

/** What can be made to go wrong on demand. */
export const faultKinds = [
  'throttle',
  'lambda-error',
  'lambda-timeout',
  'lambda-slow',
  's3-error',
  'redelivery',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How often each strikes, from 0 (never) to 1 (always); what is not named never does. */
export type FaultRates = { readonly [kind in FaultKind]?: number };

/** What is set, and how often each has struck since. */
export interface FaultState {
  readonly seed: number;
  readonly rates: Readonly<Record<FaultKind, number>>;
  readonly struck: Readonly<Record<FaultKind, number>>;
}

/** A fault that there is none of, or a rate that is none. */
export class InvalidFaultError extends Error {
  override readonly name = 'InvalidFaultError';
}

/** How much longer a slow invocation takes, in ms: five at once then pass some 1.5 MB/s of records. */
const slowMs = 10_000;

/**
 * Faults that strike by chance, and the same ones for the same seed and calls. Each kind draws from a sequence of its
 * own, so that one more of these calls changes nothing about the others.
 */
export class Faults {
  private seed: number;
  private sources: Readonly<Record<FaultKind, Source>>;

  constructor(rates: FaultRates = {}, seed = 1) {
    this.seed = seed;
    this.sources = sourcesOf(rates, seed);
  }

  /** How many of so many records that are put are throttled. */
  puts(count: number): number {
    let throttled = 0;
    for (let record = 0; record < count; record++) if (this.strikes('throttle')) throttled++;
    return throttled;
  }

  /** What befalls the next invocation. */
  invocation(): undefined | 'error' | 'timeout' | { readonly slow: number } {
    if (this.strikes('lambda-error')) return 'error';
    if (this.strikes('lambda-timeout')) return 'timeout';
    return this.strikes('lambda-slow') ? { slow: slowMs } : undefined;
  }

  /** What befalls the next object that is written. */
  store(): undefined | 'error' {
    return this.strikes('s3-error') ? 'error' : undefined;
  }

  /** Whether the next batch goes through the transform once more. */
  redeliver(): boolean {
    return this.strikes('redelivery');
  }

  /** Sets all rates anew and begins the sequences again, so that what follows can be repeated. */
  set(rates: FaultRates, seed = this.seed): void {
    this.sources = sourcesOf(rates, seed);
    this.seed = seed;
  }

  state(): FaultState {
    const each = (value: (source: Source) => number) =>
      Object.fromEntries(faultKinds.map((kind) => [kind, value(this.sources[kind])])) as Record<FaultKind, number>;
    return { seed: this.seed, rates: each(({ rate }) => rate), struck: each(({ struck }) => struck) };
  }

  private strikes(kind: FaultKind): boolean {
    const source = this.sources[kind];
    if (source.rate === 0 || source.random() >= source.rate) return false;
    source.struck++;
    return true;
  }
}

/**
 * Reads `KIND=RATE` of the command line.
 *
 * @throws InvalidFaultError
 */
export function parseFault(text: string): FaultRates {
  const [kind = '', rate, ...more] = text.split('=');
  if (rate === undefined || rate.trim() === '' || more.length > 0) {
    throw new InvalidFaultError(`"${text}" is no fault: write KIND=RATE, for example throttle=0.2.`);
  }
  return readRates({ [kind]: Number(rate) });
}

/**
 * Reads the body of `POST /faults`: rates by kind and, if wanted, a seed.
 *
 * @throws InvalidFaultError
 */
export function readFaults(body: string): { readonly rates: FaultRates; readonly seed: number | undefined } {
  const { seed, ...rates } = readObject(body);
  if (seed !== undefined && !isSeed(seed)) {
    throw new InvalidFaultError(`The seed is ${JSON.stringify(seed)}: it must be a whole number from 0 to 4294967295.`);
  }
  return { rates: readRates(rates), seed };
}

/** Seeds of the generator: unsigned 32-bit numbers. */
export function isSeed(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
}

function readObject(body: string): { readonly [name: string]: unknown } {
  const example = 'post an object of rates, for example {"throttle": 0.2, "seed": 1}; {} ends all faults.';
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new InvalidFaultError(`The body is not JSON: ${example}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new InvalidFaultError(`The body is no object: ${example}`);
  }
  return value as { readonly [name: string]: unknown };
}

function readRates(rates: { readonly [kind: string]: unknown }): FaultRates {
  return Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [knownKind(kind), readRate(kind, rate)]));
}

function knownKind(kind: string): FaultKind {
  const known = faultKinds.find((each) => each === kind);
  if (known) return known;
  const nearest = nearestWord(kind, faultKinds);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new InvalidFaultError(`There is no fault "${kind}".${hint} There are ${faultKinds.join(', ')}.`);
}

function readRate(kind: string, rate: unknown): number {
  if (typeof rate === 'number' && rate >= 0 && rate <= 1) return rate;
  const found = typeof rate === 'number' ? String(rate) : JSON.stringify(rate);
  throw new InvalidFaultError(`The rate of ${kind} is ${found}: it must be a number from 0 (never) to 1 (always).`);
}

interface Source {
  readonly rate: number;
  /** From 0 up to but not 1. */
  readonly random: () => number;
  struck: number;
}

function sourcesOf(rates: FaultRates, seed: number): Record<FaultKind, Source> {
  const sources = faultKinds.map((kind, index) => {
    // Far apart, so that two kinds of one seed, or one kind of two neighbouring seeds, don't strike alike.
    const random = randomFrom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    return [kind, { rate: rates[kind] ?? 0, random, struck: 0 }] as const;
  });
  return Object.fromEntries(sources) as Record<FaultKind, Source>;
}

/** mulberry32: the same numbers on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
