import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { serverCertificate } from '../../local/aws/certificates.js';
import { canaryText } from './canaries.js';
import { Lab, type Outcome } from './lab.js';
import { writeRecording } from './recording.js';
import { Router } from './router.js';
import { type Scenario, scenarios } from './scenarios.js';

/**
 * `npm run fluent-bit -- --fluent-bit PATH`: a real Fluent Bit with the shipped files, between stand-ins of the log driver
 * and of Firehose, while one of them fails. docs/no-loss.md says what the table means. Names choose scenarios; `--full` takes the
 * sizes of the budget, `--record FOLDER` tiny ones, and keeps what the endpoint accepted for the tests. `--set KEY=VALUE` tries another setting of extra.conf.
 */
const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    'fluent-bit': { type: 'string', default: 'fluent-bit' },
    full: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    record: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const all = scenarios(options.record ? 'tiny' : options.full ? 'full' : 'short');
const unknown = names.filter((name) => !all.some((scenario) => scenario.name === name));
if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; --list names them.`);
const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name));

if (options.list) for (const { name, what } of chosen) console.log(`${name.padEnd(18)} ${what}`);
else if (options['dry-run']) await dryRun();
else await runAll();

async function runAll(): Promise<void> {
  const head = ['scenario', 'what happens', 'lines', 'rows', 'lost', 'doubled', 'by name', 'where', 'retries'];
  head.push('chunks', 'disk MB', 'RSS MB', 'canaries', 'note');
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const scenario of chosen) {
    const outcome = await run(scenario);
    const isGood = (scenario.isAsSaid ?? isWhole)(outcome);
    if (!isGood) process.exitCode = 1;
    table.push([
      scenario.name,
      scenario.what,
      ...columns(outcome),
      isGood ? outcome.note : `NOT AS SAID ${outcome.note}`,
    ]);
    console.error(`${isGood ? 'ok  ' : 'FAIL'} ${scenario.name}: ${JSON.stringify(outcome)}`);
  }
  console.log(table.toString());
}

async function run({ name, settings, stepsClock, run }: Scenario): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-router-'));
  try {
    const certificate = await serverCertificate(folder);
    const { 'fluent-bit': fluentBit } = options;
    const tried = { ...settings, ...Object.fromEntries(options.set.map((each) => each.split('=', 2))) };
    const lab = await Lab.open({ fluentBit, folder, certificate, settings: tried, stepsClock });
    try {
      await run(lab);
      const outcome = await lab.outcome();
      if (options.record) await writeRecording(join(options.record, `router-${name}.ndjson.gz`), lab.recording);
      return outcome;
    } catch (error) {
      console.error(lab.router.log.slice(-4000));
      throw error;
    } finally {
      await lab.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether Fluent Bit takes the shipped configuration behind the one that ECS generates. */
async function dryRun(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-router-'));
  try {
    const { caFile } = await serverCertificate(folder);
    const router = await Router.prepare({ fluentBit: options['fluent-bit'], folder, port: 443, caFile });
    const isTaken = await router.dryRun();
    console.log(`infra/fluent-bit/extra.conf: ${isTaken ? 'configuration test is successful' : router.log}`);
    if (!isTaken) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** No line lost, none twice under another name, and within 256 MiB of memory. */
function isWhole({ lost, doubled, doubledByName, memory }: Outcome): boolean {
  return lost === 0 && doubled === doubledByName && memory < 256 * 1024 * 1024;
}

function columns(outcome: Outcome): (string | number)[] {
  const { lines, rows, lost, lostInDriver, droppedByRouter, lostInTransform, doubled, doubledByName } = outcome;
  const places = { driver: lostInDriver, router: droppedByRouter, transform: lostInTransform };
  const where = Object.entries(places).filter(([, count]) => count > 0);
  const megabytes = (bytes: number) => Math.round(bytes / 1_000_000);
  return [
    lines,
    rows,
    lost,
    doubled,
    doubledByName,
    where.map(([place, count]) => `${place} ${count}`).join(', '),
    outcome.retries,
    outcome.chunks,
    megabytes(outcome.disk),
    megabytes(outcome.memory),
    canaryText(outcome.canaries),
  ];
}
