import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MemorySample } from './memory.js';

/** Started by memory.ts, for the peak of a process that does nothing else: the function and the event it is given. */
const { handler } = await import(pathToFileURL(resolve('dist/functions/transform.mjs')).href);
const event = readFileSync(process.argv[2] ?? '', 'utf8');

const invocations = Number(process.argv[3]);
const before = process.cpuUsage();
const responseBytes = await invoke();
const { user, system } = process.cpuUsage(before);
const peakBytes = peak();
for (let invocation = 2; invocation <= invocations; invocation++) await invoke();
const sample = { responseBytes, cpuSeconds: (user + system) / 1e6, peakBytes, warmPeakBytes: peak() };
console.log(JSON.stringify(sample satisfies MemorySample));

async function invoke(): Promise<number> {
  const response = await handler(JSON.parse(event), { functionName: 'transform' });
  return Buffer.byteLength(JSON.stringify(response));
}

/** `maxRSS` is in kilobytes: https://nodejs.org/api/process.html#processresourceusage */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}
