import { writesPerBatch } from '../../../shared/cost/measured.js';
import { measureAlone } from '../alone.js';
import type { ReportTable } from '../report.js';
import type { AlertPathResult } from './alertPath.js';
import { dollarsOf, invocationCost, shareOf } from './arithmetic.js';
import { before, type Countable } from './before.js';
import { linesOfService } from './load.js';
import type { ScaleRequest, SweepRequest } from './request.js';
import type { SweepResult } from './sweep.js';

/** Services of the load: what each costs hardly depends on how many there are, but for the two writes that a batch takes besides. */
const services = 10;

/** From one batch to the next, and how many an invocation gets. */
const loads = [
  { name: 'a batch each 20 s', every: 20_000, messages: 1 },
  { name: '1 TB a day: each 2.6 s', every: 2600, messages: 1 },
  { name: 'the same, two an invocation', every: 2600, messages: 2 },
  { name: 'the same, four', every: 2600, messages: 4 },
] as const;

/** Lines of a service in an invocation of alert, by how many times those of a small one; the more there are, the fewer services are played. */
const sizes = [
  { lines: 1, services },
  { lines: 4, services },
  { lines: 10, services: 5 },
  { lines: 100, services: 2 },
] as const;

const memories = [256, 512, 1024, 1769] as const;

/** What the tables show of a load. */
interface AlertNumbers {
  readonly load: string;
  /** Write units of the table and its index, for each service and batch. */
  readonly units: number;
  /** Bytes of an item, in the middle. */
  readonly item: number;
  readonly reads: number;
  /** Milliseconds of CPU a key. */
  readonly cpu: number;
  readonly keysADollar: number;
}

/** What functions/alert costs: with the deployed rules, on a table with DynamoDB's arithmetic. */
export async function measureScale(batches: number): Promise<ReportTable[]> {
  // One after the other: of two that share a core, each takes more CPU.
  const alert: AlertNumbers[] = [];
  for (const { name, every, messages } of loads) {
    const request: ScaleRequest = { what: 'alert', load: { services, every }, messages, batches };
    alert.push(numbersOf(name, await measureAlone<AlertPathResult>('scale', request)));
  }
  const byLines: { lines: number; services: number; result: AlertPathResult }[] = [];
  for (const { lines, services } of sizes) {
    const request: ScaleRequest = { what: 'alert', load: { services, every: 2600, lines }, messages: 1, batches };
    byLines.push({ lines, services, result: await measureAlone<AlertPathResult>('scale', request) });
  }
  return [comparison(alert), sizeTable(byLines), memoryTable(Math.min(...alert.map((each) => each.cpu)))];
}

/** What shared/cost/measured.ts states of writes by the lines of a service. */
function sizeTable(
  results: readonly { readonly lines: number; readonly services: number; readonly result: AlertPathResult }[],
): ReportTable {
  const rows = results.map(({ lines, services, result: { keys, batches, metered, sizes } }) => {
    const units = (metered.itemUnits + metered.indexUnits) / batches - writesPerBatch;
    return [
      (lines * linesOfService).toLocaleString('en'),
      (keys / batches / services).toFixed(1),
      (units / services).toFixed(2),
      (sizes.at(-1) ?? 0).toLocaleString('en'),
    ];
  });
  const columns = ['lines of a service', 'rules and keys of it', 'write units of it', 'largest item, bytes'];
  return { title: 'An invocation of alert with one message, without the two units of a batch', columns, rows };
}

/** How quick the sweep is, the same way. */
export async function measureSweeps(dueKeys: number, memory: number): Promise<ReportTable[]> {
  // One after the other: how far a run gets goes by its CPU, of which two that share a core take more.
  const sweeps: { name: string; result: SweepResult }[] = [];
  for (const isStreamSilent of [false, true]) {
    const request: SweepRequest = { what: 'sweep', keys: dueKeys, isStreamSilent, memory };
    const name = isStreamSilent ? 'nothing arrives' : 'services are silent';
    sweeps.push({ name, result: await measureAlone<SweepResult>('scale', request) });
  }
  return [sweepTable(sweeps, dueKeys, memory)];
}

function numbersOf(load: string, { keys, cpu, batches, metered, sizes }: Countable): AlertNumbers {
  const units = metered.itemUnits + metered.indexUnits;
  return {
    load,
    units: units / batches / services,
    item: sizes[Math.floor(sizes.length / 2)] ?? 0,
    reads: metered.gets,
    cpu: cpu / keys,
    keysADollar: keys / dollarsOf(units, metered.readUnits, cpu),
  };
}

function comparison(now: readonly AlertNumbers[]): ReportTable {
  const columns = [
    'commit',
    'load',
    'write units a service and batch',
    'item, bytes',
    'reads',
    'CPU µs a key',
    'keys a dollar, million',
  ];
  const rows = [
    ...before.alert.map(({ name, result }) => [before.commit, ...cells(numbersOf(name, result))]),
    ...now.map((each) => ['now', ...cells(each)]),
  ];
  return { title: 'Alert function in the steady state, ten web services with the default rules', columns, rows };
}

function cells({ load, units, item, reads, cpu, keysADollar }: AlertNumbers): string[] {
  return [
    load,
    units.toFixed(2),
    item.toLocaleString('en'),
    reads.toLocaleString('en'),
    (1000 * cpu).toFixed(0),
    (keysADollar / 1e6).toFixed(2),
  ];
}

/** @param cpu of a key, milliseconds */
function memoryTable(cpu: number): ReportTable {
  const sizes = [45, 450, 4500];
  const rows = memories.map((memory) => {
    const costs = sizes.map((keys) => ({ keys, ...invocationCost(memory, keys, cpu) }));
    return [
      `${memory.toLocaleString('en')} MB`,
      ...costs.map(
        ({ keys, milliseconds, dollars }) => `${milliseconds.toFixed(0)} ms, $${((1e6 * dollars) / keys).toFixed(4)}`,
      ),
      (1000 / (cpu / shareOf(memory))).toFixed(0),
    ];
  });
  const columns = [
    'memory',
    ...sizes.map((keys) => `${keys.toLocaleString('en')} keys: time, a million keys`),
    'keys a second at most',
  ];
  return { title: `An invocation of alert by its memory, ${(1000 * cpu).toFixed(0)} µs of CPU a key`, columns, rows };
}

function sweepTable(
  sweeps: readonly { readonly name: string; readonly result: SweepResult }[],
  dueKeys: number,
  memory: number,
): ReportTable {
  const rows = sweeps.flatMap(({ name, result }) =>
    result.runs.map(({ before: due, after, took, cpu, metered }, run) => {
      const done = Math.max(1, due - after);
      return [
        `${name}, run ${run + 1}`,
        ...[due, after, metered.indexRows].map((count) => count.toLocaleString('en')),
        (took / 1000).toFixed(1),
        ...[(1000 * cpu) / done].map((each) => each.toFixed(0)),
        ...[metered.gets, metered.puts].map((count) => (count / done).toFixed(2)),
      ];
    }),
  );
  const columns = [
    'keys',
    'due before',
    'due after',
    'rows read',
    'seconds',
    'CPU µs a key',
    'reads a key',
    'writes a key',
  ];
  return {
    title: `The sweep with ${dueKeys.toLocaleString('en')} keys that are due, ${memory.toLocaleString('en')} MB`,
    columns,
    rows,
  };
}
