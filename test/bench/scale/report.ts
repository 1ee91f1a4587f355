import { prices } from '../../../shared/prices.js';
import { measureAlone } from '../alone.js';
import type { ReportTable } from '../report.js';
import type { AlertPathResult } from './alertPath.js';
import type { ScaleRequest, SweepRequest } from './request.js';
import type { SweepResult } from './sweep.js';

const MINUTE = 60_000;

/** Services of the load: what each costs hardly depends on how many there are. */
const services = 10;

/** From one batch to the next, and how many an invocation gets. */
const loads = [
  { name: 'a batch each 20 s', every: 20_000, messages: 1 },
  { name: '1 TB a day: each 2.6 s', every: 2600, messages: 1 },
  { name: 'the same, two an invocation', every: 2600, messages: 2 },
  { name: 'the same, four', every: 2600, messages: 4 },
] as const;

/** What functions/alert costs, and how quick the sweep is: with the deployed rules, on a table with DynamoDB's arithmetic. */
export async function measureScale(batches: number, dueKeys: number, memory: number): Promise<ReportTable[]> {
  const alert: ReportTable['rows'][number][] = [];
  for (const { name, every, messages } of loads) {
    // As many batches as keys remembered once, and all windows full.
    const warmUp = Math.max(20 * MINUTE, 260 * every);
    const request: ScaleRequest = { what: 'alert', load: { services, every }, messages, warmUp, batches };
    alert.push([name, ...cellsOf(await measureAlone<AlertPathResult>('scale', request))]);
  }
  const sweeps: ReportTable['rows'][number][] = [];
  for (const isStreamSilent of [false, true]) {
    const request: SweepRequest = { what: 'sweep', keys: dueKeys, isStreamSilent, memory };
    const { runs } = await measureAlone<SweepResult>('scale', request);
    for (const [run, { before, after, took, metered }] of runs.entries())
      sweeps.push([
        `${isStreamSilent ? 'nothing arrives' : 'services are silent'}, run ${run + 1}`,
        ...[before, after, metered.indexRows].map((count) => count.toLocaleString('en')),
        (took / 1000).toFixed(1),
      ]);
  }
  return [
    {
      title: 'Alert function in the steady state, web services with the default rules',
      columns: [
        'load',
        'write units a service and batch',
        'item, bytes',
        'reads',
        'CPU µs a key',
        'keys a dollar, million',
      ],
      rows: alert,
    },
    {
      title: `The sweep with ${dueKeys.toLocaleString('en')} keys that are due, ${memory} MB`,
      columns: ['keys', 'due before', 'due after', 'rows read', 'seconds'],
      rows: sweeps,
    },
  ];
}

function cellsOf({ keys, cpu, batches, metered, sizes }: AlertPathResult): string[] {
  const { itemUnits, indexUnits, gets, readUnits } = metered;
  const units = itemUnits + indexUnits;
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  return [
    (units / batches / services).toFixed(2),
    median.toLocaleString('en'),
    gets.toLocaleString('en'),
    ((1000 * cpu) / keys).toFixed(0),
    (keys / 1e6 / dollarsOf(units, readUnits, cpu)).toFixed(2),
  ];
}

/** A vCPU is 1,769 MB, and the price of CPU is the same with any memory (docs: configuration-memory). A read unit is a fifth of a write. */
function dollarsOf(writeUnits: number, readUnits: number, cpu: number): number {
  const compute = (cpu / 1000) * (1769 / 1024) * prices.lambdaPerGbSecond.arm64;
  return ((writeUnits + readUnits / 5) * prices.dynamodbPerMillionWrites) / 1e6 + compute;
}
