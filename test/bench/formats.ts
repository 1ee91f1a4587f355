import { Bench } from 'tinybench';
import { Origin } from '../../shared/line/origin.js';
import { renderFields, renderRow } from '../../shared/line/row.js';
import type { Format } from '../../shared/parse/format.js';
import { jsonFormats, textFormats } from '../../shared/parse/formats/index.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { toRow } from '../../shared/treatment/toRow.js';
import { arrival } from './corpus.js';

export interface FormatResult {
  readonly format: string;
  readonly samples: number;
  /** The mean of its samples. */
  readonly bytesPerLine: number;
  readonly nsPerLine: number;
  readonly linesPerSecond: number;
}

/** Every sample of every format by the full parse: asked for its format, parsed, redacted, put into JSON. */
export async function measureFormats(policy: LinePolicy, milliseconds: number): Promise<FormatResult[]> {
  const formats: readonly Format[] = [...textFormats, ...jsonFormats];
  const origin = policy.origin(new Origin({ service: 'bench', source: 'stdout', task: 'a', cluster: 'prod' }));
  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 4, iterations: 16, throws: true });
  let characters = 0;
  for (const { name, samples } of formats) {
    bench.add(name, () => {
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        for (const { line } of samples) {
          const row = toRow({ log: line, time: arrival, origin }, arrival, policy);
          characters += renderRow(row, renderFields(row)).length;
        }
      }
    });
  }
  await bench.run();
  if (characters === 0) throw new Error('no format has a sample');
  return formats.map(({ name, samples }) => {
    const result = bench.getTask(name)?.result;
    if (result?.state !== 'completed') throw new Error(`${name} was not measured: ${result?.state}`);
    const nsPerLine = (result.latency.p50 * 1e6) / (REPETITIONS * samples.length);
    return {
      format: name,
      samples: samples.length,
      bytesPerLine: samples.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0) / samples.length,
      nsPerLine,
      linesPerSecond: 1e9 / nsPerLine,
    };
  });
}

/** In one measurement, so that reading the clock is not what is measured. */
const REPETITIONS = 20;
