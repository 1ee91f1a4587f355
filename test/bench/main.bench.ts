import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';
import { gzipLevel } from '../../functions/transform/environment.js';
import '../../functions/transform/linearPatterns.js';
import { loadConfig } from '../../shared/config/load.js';
import { deployed as deployedFunctions } from '../../shared/cost/traffic.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import type { AlertLatencyResult } from './alertLatency.js';
import { measureAlone } from './alone.js';
import { billTable, measureBill } from './bill.js';
import { measureBombs } from './bombs.js';
import { measureColdStart } from './coldStart.js';
import { conditionTable, measureConditions } from './conditions.js';
import { buildCorpus, type Corpus, measuredWhole } from './corpus.js';
import type { EndpointResult } from './endpoint.js';
import { measureFormats } from './formats.js';
import { measureGzipLevels } from './gzipLevels.js';
import { measureImport } from './imports.js';
import { Transform } from './invocation.js';
import { measureInvocation } from './invocations.js';
import type { LaneResults } from './lanes.js';
import { compressedBytes, INVOCATION_BYTES, measureMemory } from './memory.js';
import { measurePacking, packingTables } from './packing.js';
import { machineText, markdown, updatePage, updateRules, updateSection } from './page.js';
import { measureRedaction } from './redaction.js';
import { laneTables, levelTable, type Report, type ReportTable, ruleTable, tablesOf } from './report.js';
import { measureRules } from './rules.js';
import { messageTable } from './scale/messages.js';
import { measureScale, measureSweeps } from './scale/report.js';
import { measureStorage, tablesOfStorage, updateStoragePages } from './storage/report.js';

/** `npm run bench`: what the transform costs. docs/performance.md explains the numbers. */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    'update-docs': { type: 'boolean', default: false },
    redaction: { type: 'boolean', default: false },
    bombs: { type: 'boolean', default: false },
    lanes: { type: 'boolean', default: false },
    levels: { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
    conditions: { type: 'boolean', default: false },
    import: { type: 'boolean', default: false },
    storage: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    sweep: { type: 'boolean', default: false },
    packing: { type: 'boolean', default: false },
    bill: { type: 'boolean', default: false },
    lines: { type: 'string', default: '1000000,10000000' },
  },
});
const size = options.quick
  ? {
      corpusMb: 4,
      runs: 3,
      ruleRuns: 3,
      levels: [1, 3, 5, 6, 7, 9],
      levelRuns: 2,
      formatMs: 40,
      lanes: { lines: 10_000, rounds: 2 },
      processes: 5,
      endpointSeconds: 3,
      alerts: 40,
    }
  : {
      corpusMb: 6,
      runs: 40,
      // A garbage collection is as much as some rules: the least of 40 still differed by a third.
      ruleRuns: 120,
      levels: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      levelRuns: 15,
      formatMs: 250,
      lanes: { lines: 40_000, rounds: 3 },
      processes: 15,
      endpointSeconds: 10,
      alerts: 200,
    };

const config = await loadConfig('infra/firesplit.yml');
const rules = await loadRules('infra/rules', config.alerts);
const deployed = new Transform(compilePolicy(config), compileRules(rules));
if (options.redaction) measureRedaction().forEach(print);
else if (options.import) print(await measureImport(options.quick ? 50_000 : 1_000_000));
else if (options.bill) await reportBill();
else if (options.packing) packingTables(await measurePacking(deployed, gzipLevel)).forEach(print);
else if (options.storage) await reportStorage();
else if (options.scale) await reportScale();
else if (options.sweep) await reportSweep();
else if (options.bombs) print(await measureBombs());
else if (options.conditions) print(conditionTable(await measureConditions(options.quick ? 1 : 5)));
else if (options.rules) await reportRules();
else if (options.lanes) laneTables(await measureLanes()).forEach(print);
else if (options.levels) print(levelTable(await measureLevels(buildCorpus('mix', size.corpusMb * 1e6))));
else await reportAll();

async function reportAll(): Promise<void> {
  const report = await measureAll();
  for (const table of tablesOf(report)) print(table);
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options['update-docs']) await updatePage(report);
}

async function reportRules(): Promise<void> {
  const results = await measureRuleSets();
  print(ruleTable(results));
  if (options['update-docs']) await updateRules(results, machine());
}

async function reportScale(): Promise<void> {
  const tables = [messageTable(compileRules(rules)), ...(await measureScale(options.quick ? 20 : 60))];
  await reportInPerformance('scale', tables);
}

async function reportSweep(): Promise<void> {
  const { sweep } = deployedFunctions;
  await reportInPerformance('sweep', await measureSweeps(options.quick ? 2000 : 50_000, sweep.memoryMb));
}

/** @param name of the option, and of the section of docs/performance.md. */
async function reportInPerformance(name: 'scale' | 'sweep', tables: readonly ReportTable[]): Promise<void> {
  tables.forEach(print);
  const command = `npm run bench -- --${name}${options.quick ? ' --quick' : ''} --update-docs`;
  const measured = `Measured on ${machineText(machine())}, with \`${command}\`.`;
  const lines = [...tables.flatMap(markdown), '', measured, ''];
  if (options['update-docs']) await updateSection('docs/performance.md', name, lines);
}

async function reportBill(): Promise<void> {
  const table = billTable(await measureBill(options.quick ? 60 : 120));
  print(table);
  const command = `npm run bench -- --bill${options.quick ? ' --quick' : ''} --update-docs`;
  const measured = `Measured on ${machineText(machine())}, with \`${command}\`.`;
  if (options['update-docs']) await updateSection('docs/cost.md', 'metered', ['', measured, ...markdown(table), '']);
}

async function reportStorage(): Promise<void> {
  const lines = options.quick ? '100000' : options.lines;
  const report = {
    ...(await measureStorage(lines.split(',').map(Number), deployed, gzipLevel)),
    machine: machineText(machine()),
    command: `npm run bench -- --storage --lines ${lines}`,
  };
  for (const table of tablesOfStorage(report)) print(table);
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options['update-docs']) await updateStoragePages(report);
}

function machine(): Report['machine'] {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.versions.node };
}

async function measureAll(): Promise<Report> {
  const invocations = [];
  for (const name of measuredWhole) {
    note(`invocations: ${name}`);
    invocations.push(await measureInvocation(name, size.corpusMb * 1e6, size.runs));
  }
  const mix = buildCorpus('mix', size.corpusMb * 1e6);
  note('lanes');
  const lanes = await measureLanes();
  note('rules');
  const ruleSets = await measureRuleSets();
  note('memory');
  const memory = await measureMemory(wholeInvocation(mix));
  note('cold start');
  const coldStart = await measureColdStart(size.processes);
  note('gzip levels');
  const gzipLevels = await measureLevels(mix);
  note('formats');
  const formats = await measureFormats(compilePolicy(config), size.formatMs);
  note('local endpoint');
  const endpoint = await measureAlone<EndpointResult>('endpoint', size.endpointSeconds);
  note('alerts');
  const alertLatency = await measureAlone<AlertLatencyResult>('alerts', size.alerts);
  const what = { invocations, lanes, ruleSets, memory, coldStart, gzipLevels, formats, endpoint, alertLatency };
  return { machine: machine(), quick: options.quick, gzipLevel, ...what };
}

function measureRuleSets() {
  return measureRules(config, rules, gzipLevel, size.corpusMb * 1e6, size.ruleRuns);
}

function measureLevels(mix: Corpus) {
  return measureGzipLevels(mix, deployed, size.levels, size.levelRuns);
}

function measureLanes(): Promise<LaneResults> {
  return measureAlone<LaneResults>('lanes', size.lanes);
}

/** As much of the mix as Firehose hands over at once. */
function wholeInvocation(mix: Corpus): Corpus {
  const perRawByte = compressedBytes(mix.records) / mix.rawBytes;
  return buildCorpus('mix', INVOCATION_BYTES / perRawByte);
}

function note(part: string): void {
  process.stderr.write(`${pc.dim(`measuring ${part} …`)}\n`);
}

function print({ title, columns, rows }: ReportTable): void {
  const table = new Table({
    head: columns.map((column) => pc.bold(column)),
    style: { head: [], border: [], compact: true },
    colAligns: columns.map((_, index) => (index === 0 ? 'left' : 'right')),
  });
  table.push(...rows.map((row) => [...row]));
  console.log(`\n${pc.bold(title)}\n${table}`);
}
