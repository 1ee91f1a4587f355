import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MemorySample } from './memory.js';

/** Started by memory.ts, for the peak of a process that does nothing else: the function and the event it is given. */
const { handler } = await import(pathToFileURL(resolve('dist/functions/transform.mjs')).href);
const event = readFileSync(process.argv[2] ?? '', 'utf8');

const responseBytes = await invoke();
const peakBytes = peak();
for (let invocation = 2; invocation <= 5; invocation++) await invoke();
console.log(JSON.stringify({ responseBytes, peakBytes, warmPeakBytes: peak() } satisfies MemorySample));

async function invoke(): Promise<number> {
  const response = await handler(JSON.parse(event), { functionName: 'transform' });
  return Buffer.byteLength(JSON.stringify(response));
}

/** `maxRSS` is in kilobytes: https://nodejs.org/api/process.html#processresourceusage */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}
