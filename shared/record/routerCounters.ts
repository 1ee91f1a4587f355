import { isObject } from '../parse/json/object.js';

/** What Fluent Bit counts since it started, and how it stands. */
export interface RouterCounters {
  /** Lines that it read, its own canaries left out. */
  readonly lines: number;
  /** Chunks that its outputs tried again. */
  readonly retries: number;
  /** Lines that its outputs gave up, among them those that the disk had no room for. */
  readonly dropped: number;
  /** Inputs that take no lines at present; undefined when it keeps no account of storage. */
  readonly paused?: number | undefined;
  /** Chunks that wait for an output. */
  readonly chunks?: number | undefined;
  /** What its storage takes on disk. */
  readonly diskBytes?: number | undefined;
}

/**
 * Reads what the canary's command prints: the answers of `/api/v1/metrics` and `/api/v1/storage` and the kilobytes of `du`, with commas
 * between; each may be missing. Undefined without the first.
 *
 * https://docs.fluentbit.io/manual/administration/monitoring#rest-api-interface
 */
export function readCounters(printed: unknown): RouterCounters | undefined {
  const answers = parse(printed);
  const { input, output } = objectWith(answers, 'output');
  if (!isObject(input) || !isObject(output)) return undefined;
  const outputs = entriesOf(output).filter(([name]) => !name.startsWith('null.'));
  const { storage_layer: layer, input_chunks: inputs } = objectWith(answers, 'storage_layer');
  const kilobytes = answers.find((each) => typeof each === 'number');
  return {
    lines: sum(
      entriesOf(input).filter(([name]) => !isOwn(name)),
      'records',
    ),
    retries: sum(outputs, 'retries'),
    dropped: sum(outputs, 'dropped_records'),
    ...(isObject(inputs) ? { paused: entriesOf(inputs).filter(([, each]) => isPaused(each)).length } : {}),
    ...(isObject(layer) && isObject(layer.chunks) ? { chunks: numberOf(layer.chunks.total_chunks) } : {}),
    ...(kilobytes === undefined ? {} : { diskBytes: numberOf(kilobytes) * 1024 }),
  };
}

/** What no container wrote: canaries, and chunks that are read again from disk after a restart. */
function isOwn(input: string): boolean {
  return input === 'firesplit_canary' || input.startsWith('storage_backlog.');
}

function isPaused(input: Entry): boolean {
  return isObject(input.status) && input.status.overlimit === true;
}

function parse(printed: unknown): readonly unknown[] {
  if (typeof printed !== 'string') return [];
  try {
    // What could not be asked leaves its comma.
    return JSON.parse(`[${printed.replace(/^,+|,+$/g, '').replace(/,{2,}/g, ',')}]`) as unknown[];
  } catch {
    return [];
  }
}

type Entry = Readonly<Record<string, unknown>>;

function objectWith(answers: readonly unknown[], key: string): Entry {
  return answers.filter(isObject).find((each) => key in each) ?? {};
}

function entriesOf(object: Entry): (readonly [string, Entry])[] {
  return Object.entries(object).flatMap(([name, value]) => (isObject(value) ? [[name, value] as const] : []));
}

function sum(entries: readonly (readonly [string, Entry])[], key: string): number {
  return entries.reduce((total, [, each]) => total + numberOf(each[key]), 0);
}

/** Counters only: their sum, which becomes a metric, is a number too. */
function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
