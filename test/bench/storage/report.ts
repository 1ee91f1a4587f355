import { resolve } from 'node:path';
import { Infra } from '../../../local/infra/infra.js';
import type { Transform } from '../invocation.js';
import { markdown, updateSection } from '../page.js';
import type { ReportTable } from '../report.js';
import { measureDay, type StorageResult } from './day.js';
import type { Deployed } from './keepsUpWith.js';
import { keepingUp, modelTable, storageTables } from './tables.js';
import { deployedWorker } from './worker.js';

/** What `npm run bench -- --storage` measured, and how. */
export interface StorageReport {
  readonly results: readonly StorageResult[];
  readonly deployed: Deployed;
  /** `AMD EPYC, 2 cores, Node 20.20.2`. */
  readonly machine: string;
  readonly command: string;
}

/** Beyond so many lines each question is asked once, else three times. */
const MANY_LINES = 2_000_000;

/** @param lines of the days that are measured one after the other */
export async function measureStorage(
  lines: readonly number[],
  transform: Transform,
  gzipLevel: number,
): Promise<Pick<StorageReport, 'results' | 'deployed'>> {
  const account = { region: 'us-east-1', id: '000000000000', stage: 'bench', queueUrl: () => 'http://127.0.0.1/none' };
  const infra = await Infra.load(resolve('.'), account);
  const worker = deployedWorker(infra);
  const results: StorageResult[] = [];
  for (const count of lines) {
    results.push(await measureDay(count, count > MANY_LINES ? 1 : 3, worker, transform, gzipLevel));
  }
  const { memoryMb, vcpus } = worker;
  return { results, deployed: { memoryMb, vcpus } };
}

export function tablesOfStorage({ results, deployed }: Pick<StorageReport, 'results' | 'deployed'>): ReportTable[] {
  return [...storageTables(results, deployed), modelTable(results)];
}

/** Writes the numbers into the pages of docs/ that tell of storage. */
export async function updateStoragePages(report: StorageReport): Promise<void> {
  const { results, deployed, machine, command } = report;
  const measured = `Measured on ${machine}, with \`${command}\`.`;
  const tables = storageTables(results, deployed).flatMap(markdown);
  await updateSection('docs/performance.md', 'storage', ['', measured, ...tables, '']);
  for (const page of ['docs/storage.md', 'docs/limits.md']) {
    await updateSection(page, 'keeping up', ['', keepingUp(results, deployed), '']);
  }
}
