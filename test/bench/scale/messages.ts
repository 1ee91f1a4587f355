import type { RuleSet } from '../../../shared/rules/matching/match.js';
import { readBatch, writeBatch } from '../../../shared/signals/batchText.js';
import type { ReportTable } from '../report.js';
import { messagesAt } from './load.js';

const at = Date.UTC(2026, 10, 23, 9);
const rounds = 20;

/** What the signals of an invocation of the transform take in the queue, and the CPU to write and to read them. */
export function messageTable(rules: RuleSet): ReportTable {
  const rows = [10, 100, 1000].map((services) => {
    const batches = messagesAt(at, 1, { services, every: 2600 }, rules);
    const plain = batches.reduce((sum, batch) => sum + Buffer.byteLength(JSON.stringify(batch)), 0);
    const texts = batches.map(writeBatch);
    const sent = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const write = cpuOf(() => batches.map(writeBatch));
    const read = cpuOf(() => texts.map(readBatch));
    return [
      services.toLocaleString('en'),
      batches.length.toLocaleString('en'),
      ...[plain, sent].map((bytes) => bytes.toLocaleString('en')),
      (plain / sent).toFixed(1),
      ...[write, read].map((milliseconds) => milliseconds.toFixed(2)),
    ];
  });
  const columns = ['services', 'messages', 'bytes of JSON', 'bytes sent', 'ratio', 'ms to write', 'ms to read'];
  return { title: 'Signals of an invocation of the transform, in the queue', columns, rows };
}

/** Milliseconds: the least of some rounds. */
function cpuOf(act: () => unknown): number {
  const taken = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...taken);
}
