import type { PrefixKeys } from '../../dates/prefix.js';
import type { Failure } from './failure.js';
import { JqThread, QueryTimeoutError } from './jqThread.js';

export type Extracted =
  | { readonly kind: 'keys'; readonly keys: PrefixKeys }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The engine takes its input on a stack of 1 MiB; half of it leaves room for the run. */
export const maxQueryBytes = 512 * 1024;

/** The engine copies all it has written for each byte that it writes. */
const maxQueryRecords = 500;

/** Milliseconds that the query may take for a batch within these bounds, and for one record: both far above the usual. */
interface QueryTimes {
  readonly batch: number;
  readonly record: number;
}

const defaultTimes: QueryTimes = { batch: 30_000, record: 3000 };

/** Records that a query may run too long for; after these it is not tried on the others of the call. */
const maxEndless = 3;

/** The MetadataExtraction processor: a JQ query over each record, whose object holds the partition keys. */
export async function extractMetadata(
  records: readonly Buffer[],
  query: string,
  times = defaultTimes,
): Promise<readonly Extracted[]> {
  const extraction = new Extraction(query, times);
  const extracted: Extracted[] = [];
  let inputs: string[] = [];
  let bytes = 0;
  const runQuery = async () => {
    extracted.push(...(await extraction.queried(inputs)));
    inputs = [];
    bytes = 0;
  };
  try {
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
  } finally {
    await extraction.end();
  }
}

class Extraction {
  private readonly thread = new JqThread();
  private endless = 0;

  constructor(
    private readonly query: string,
    private readonly times: QueryTimes,
  ) {}

  /** One run for many records. */
  async queried(inputs: readonly string[]): Promise<readonly Extracted[]> {
    if (inputs.length === 0) return [];
    try {
      return await this.run(inputs, this.times.batch);
    } catch (error) {
      // One record may be enough to run for ever.
      if (error instanceof QueryTimeoutError) return this.oneByOne(inputs);
      const message = error instanceof Error ? error.message : String(error);
      // A record that the engine can't read, nested too deeply perhaps, must not take its neighbours with it.
      if (inputs.length > 1 && !message.includes('compile error')) {
        const middle = Math.ceil(inputs.length / 2);
        return [...(await this.queried(inputs.slice(0, middle))), ...(await this.queried(inputs.slice(middle)))];
      }
      const verdict = failed(`The query failed: ${message}`);
      return inputs.map(() => verdict);
    }
  }

  end(): Promise<void> {
    return this.thread.end();
  }

  private async oneByOne(inputs: readonly string[]): Promise<readonly Extracted[]> {
    const extracted: Extracted[] = [];
    for (const input of inputs) {
      try {
        extracted.push(...(this.endless < maxEndless ? await this.run([input], this.times.record) : [tooSlow]));
      } catch (error) {
        if (error instanceof QueryTimeoutError) this.endless++;
        extracted.push(error instanceof QueryTimeoutError ? tooSlow : failed(`The query failed: ${error}`));
      }
    }
    return extracted;
  }

  private async run(inputs: readonly string[], timeLimit: number): Promise<readonly Extracted[]> {
    // The line end closes a comment in the query. A record that the query fails on has no keys.
    const filter = `$records[] | [try first(${this.query}\n) catch null] | .[0]`;
    const flags = ['-n', '-c', '--argjson', 'records', `[${inputs.join(',')}]`];
    const answers = await this.thread.run(filter, flags, timeLimit);
    return answers.split('\n').map((answer) => keysOf(JSON.parse(answer)));
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
const tooSlow = failed('The query takes too long for this record: it may never end.');
const tooLong = failed(`The local Firehose runs queries on records of up to ${maxQueryBytes} bytes.`);
