import { readdirSync, readFileSync } from 'node:fs';
import { fireLensRecord } from '../../local/ship/collector.js';
import { jsonFormats, textFormats } from '../../shared/parse/formats/index.js';
import { RecordReader } from '../../shared/record/read.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { arrival, readLines, recordings } from './corpus.js';
import { cpuOf } from './measure.js';
import { vary } from './variation.js';

/** What the lanes make of the lines of one program, or of a number of them. */
export interface LaneResult {
  readonly corpus: string;
  readonly lines: number;
  /** Of all its lines: those of level error go through the full parse. */
  readonly errors: number;
  /** The parts that a lane read, the first time and once the shapes are known. */
  readonly share: { readonly first: number; readonly known: number };
  /** Milliseconds of CPU for all lines, from their records to the rows: without rules, and gzip of the rows. */
  readonly cpu: { readonly first: number; readonly known: number };
}

export interface LaneResults {
  /** The mix first, as it is deployed; then one program after the other. */
  readonly corpora: readonly LaneResult[];
  /** Services that write one shape, and one service that writes many: line by line in turn. */
  readonly services: readonly LaneResult[];
  readonly shapes: readonly LaneResult[];
}

/**
 * @param lines of each growth; a program's are a quarter of them
 * @param rounds of each measurement: the least counts
 */
export async function measureLanes(policy: LinePolicy, lines: number, rounds: number): Promise<LaneResults> {
  const growing = [1, 10, 100, 1000];
  const groups = {
    corpora: programs(lines / 4),
    services: growing.map((count) => growth(`${count} services`, lines, count, 1)),
    shapes: growing.map((count) => growth(`${count} shapes`, lines, 1, count)),
  };
  // Compiles what all of them run, so that the first is not the dearest.
  for (const program of groups.corpora) await readOnce(new RecordReader(policy), program);
  const measured = async (group: readonly Program[]) => {
    const results: LaneResult[] = group.map(emptyResult);
    // In turn, so that a machine that changes its speed changes it for all of them.
    for (let round = 0; round < rounds; round++) {
      for (const [index, program] of group.entries()) {
        const result = await readTwice(policy, program);
        results[index] = least(results[index] ?? result, result);
      }
    }
    return results;
  };
  return {
    corpora: await measured(groups.corpora),
    services: await measured(groups.services),
    shapes: await measured(groups.shapes),
  };
}

/** Lines of one kind, as records. */
interface Program {
  readonly name: string;
  readonly lines: number;
  readonly records: readonly string[];
}

function programs(lines: number): Program[] {
  const mixed = Object.entries(recordings).flatMap(([service, file]) =>
    readLines(file).map((log) => ({ service, log })),
  );
  const demo = Object.values(recordings).map((file): [string, readonly string[]] => [`demo: ${file}`, readLines(file)]);
  const others = readdirSync(CORPORA)
    .filter((file) => file.endsWith('.log'))
    .map((file): [string, readonly string[]] => [
      file,
      readFileSync(CORPORA + file, 'utf8')
        .trimEnd()
        .split('\n'),
    ]);
  const formats = [...textFormats.filter(({ name }) => name === 'combined'), ...jsonFormats].map(
    ({ name, samples }): [string, readonly string[]] => [`samples: ${name}`, samples.map(({ line }) => line)],
  );
  return [
    program(
      'mix',
      lines,
      (index, round) => {
        const { service, log } = at(mixed, index);
        return { service, log: vary(log, round, round * 1000) };
      },
      mixed.length,
    ),
    ...[...demo, ...others, ...formats].map(([name, logs]) =>
      program(
        name,
        lines,
        (index, round) => ({ service: name, log: vary(at(logs, index), round, round * 1000) }),
        logs.length,
      ),
    ),
  ];
}

const CORPORA = 'test/bench/corpora/';

/** As many lines as a program logs in an hour or so: `shapes` differ in one key. */
function growth(name: string, lines: number, services: number, shapes: number): Program {
  return program(
    name,
    lines,
    (index) => ({
      service: `service-${index % services}`,
      log: JSON.stringify({
        level: 30,
        time: arrival - lines + index,
        pid: 17,
        hostname: 'web-7f',
        reqId: `r-${index}`,
        [`key${String(index % shapes).padStart(4, '0')}`]: index,
        ms: index % 97,
        msg: 'order accepted',
      }),
    }),
    lines,
  );
}

/** @param period lines of a round, after which they come again as another round writes them */
function program(
  name: string,
  lines: number,
  lineAt: (index: number, round: number) => { readonly service: string; readonly log: string },
  period: number,
): Program {
  const records: string[] = [];
  let text = '';
  const seal = () => {
    records.push(Buffer.from(text).toString('base64'));
    text = '';
  };
  for (let line = 0; line < lines; line++) {
    const { service, log } = lineAt(line % period, Math.floor(line / period));
    text += fireLensRecord({ service, source: 'stdout', log }, new Date(arrival));
    if (text.length > RECORD_CHARACTERS) seal();
  }
  seal();
  return { name, lines, records };
}

const RECORD_CHARACTERS = 900_000;

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}

function emptyResult({ name, lines }: Program): LaneResult {
  const never = { first: Number.POSITIVE_INFINITY, known: Number.POSITIVE_INFINITY };
  return { corpus: name, lines, errors: 0, share: { first: 0, known: 0 }, cpu: never };
}

async function readTwice(policy: LinePolicy, program: Program): Promise<LaneResult> {
  const reader = new RecordReader(policy);
  const first = await readOnce(reader, program);
  const known = await readOnce(reader, program);
  return {
    corpus: program.name,
    lines: program.lines,
    errors: first.errors,
    share: { first: first.share, known: known.share },
    cpu: { first: first.cpu, known: known.cpu },
  };
}

async function readOnce(reader: RecordReader, { records, lines }: Program) {
  let errors = 0;
  const reading = reader.begin({
    row: (type) => {
      if (type === 'error') errors++;
    },
    entry: () => undefined,
    access: () => undefined,
    blank: () => undefined,
  });
  const cpu = await cpuOf(() => {
    for (const [index, data] of records.entries())
      reading.read({ recordId: String(index), approximateArrivalTimestamp: arrival, data });
    reading.end();
  });
  return { cpu, errors: errors / lines, share: reading.laneLines / lines };
}

function least(one: LaneResult, other: LaneResult): LaneResult {
  const cpu = { first: Math.min(one.cpu.first, other.cpu.first), known: Math.min(one.cpu.known, other.cpu.known) };
  return { ...other, cpu };
}
