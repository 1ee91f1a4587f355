import startJq from 'jq-wasm/dist/build/jq.js';
import type { PrefixKeys } from '../../dates/prefix.js';
import type { Failure } from './failure.js';

export type Extracted =
  | { readonly kind: 'keys'; readonly keys: PrefixKeys }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface Jq {
  raw(input: string, filter: string, flags: readonly string[]): Promise<string>;
}

/** The engine takes its input on a stack of 1 MiB; half of it leaves room for the run. */
export const maxQueryBytes = 512 * 1024;

/** The engine copies all it has written for each byte that it writes. */
const maxQueryRecords = 500;

/** The MetadataExtraction processor: a JQ query over each record, whose object holds the partition keys. */
export async function extractMetadata(records: readonly Buffer[], query: string): Promise<readonly Extracted[]> {
  const extracted: Extracted[] = [];
  let inputs: string[] = [];
  let bytes = 0;
  const runQuery = async () => {
    extracted.push(...(await queried(inputs, query)));
    inputs = [];
    bytes = 0;
  };
  for (const record of records) {
    const problem = record.length > maxQueryBytes ? tooLong : isObject(record) ? undefined : notJson;
    const full = inputs.length === maxQueryRecords || bytes + record.length > maxQueryBytes;
    if (problem !== undefined || full) await runQuery();
    if (problem !== undefined) {
      extracted.push(problem);
      continue;
    }
    inputs.push(record.toString());
    bytes += record.length;
  }
  await runQuery();
  return extracted;
}

/** One run for many records; a new engine for each run, because it never gives back the memory of its arguments. */
async function queried(inputs: readonly string[], query: string): Promise<readonly Extracted[]> {
  if (inputs.length === 0) return [];
  // The line end closes a comment in the query. A record that the query fails on has no keys.
  const filter = `$records[] | [try first(${query}\n) catch null] | .[0]`;
  try {
    const jq: Jq = await startJq();
    const answers = await jq.raw('', filter, ['-n', '-c', '--argjson', 'records', `[${inputs.join(',')}]`]);
    return answers.split('\n').map((answer) => keysOf(JSON.parse(answer)));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A record that the engine can't read, nested too deeply perhaps, must not take its neighbours with it.
    if (inputs.length > 1 && !message.includes('compile error')) {
      const halves = [inputs.slice(0, inputs.length / 2), inputs.slice(inputs.length / 2)];
      return (await Promise.all(halves.map((half) => queried(half, query)))).flat();
    }
    const verdict = failed(`The query failed: ${message}`);
    return inputs.map(() => verdict);
  }
}

function keysOf(answer: unknown): Extracted {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) return noKeys;
  const keys: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(answer)) {
    // A prefix is text: `{id: .customer}` works for a number as well.
    keys[key] = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  }
  return { kind: 'keys', keys };
}

function isObject(record: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(record.toString());
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

function failed(message: string): Extracted {
  const code = 'DynamicPartitioning.MetadataExtractionFailed';
  return { kind: 'failed', failure: { errorType: 'metadata-extraction-failed', code, message } };
}

const notJson = failed('Non JSON record provided');
const noKeys = failed('partitionKeys values must not be null or empty');
const tooLong = failed(`The local Firehose runs queries on records of up to ${maxQueryBytes} bytes.`);
