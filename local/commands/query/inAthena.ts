import { clearLine, cursorTo } from 'node:readline';
import { AthenaClient } from '@aws-sdk/client-athena';
import pc from 'picocolors';
import type { Progress } from '../../../functions/adapters/athena.js';
import type { Answer } from '../../query/answer.js';
import { askAthena } from '../../query/athena/ask.js';
import { athenaPrice } from '../../query/athena/price.js';
import { bytes } from '../../terminal/screen.js';

export interface AthenaOptions {
  readonly stage: string;
  readonly workgroup?: string;
  readonly database?: string;
}

/** @param show prints an answer */
export async function inAthena(
  sql: string,
  { stage, workgroup = `firesplit-${stage}`, database = `firesplit_${stage}` }: AthenaOptions,
  signal: AbortSignal,
  show: (answer: Answer) => Promise<unknown>,
): Promise<void> {
  const client = new AthenaClient({});
  try {
    const { answer, progress } = await askAthena(client, sql, { stage, workgroup, database }, showProgress, signal);
    clearProgress();
    await show(answer);
    console.error(pc.dim(bill(progress)));
  } finally {
    clearProgress();
    client.destroy();
  }
}

/** One line that is written over, for people only. */
function showProgress({ state, scanned, took }: Progress): void {
  if (!process.stderr.isTTY) return;
  clearProgress();
  process.stderr.write(pc.dim(`${state.toLowerCase()} ${seconds(took)}, ${bytes(scanned)} scanned`));
}

function clearProgress(): void {
  if (!process.stderr.isTTY) return;
  clearLine(process.stderr, 0);
  cursorTo(process.stderr, 0);
}

function bill({ scanned, took }: Progress): string {
  return `${bytes(scanned)} scanned, $${athenaPrice(scanned).toFixed(5)}, in ${seconds(took)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
