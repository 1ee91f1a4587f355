import { measureAlertLatency } from './alertLatency.js';

/** Started by main.bench.ts with the number of alerts. */
console.log(JSON.stringify(await measureAlertLatency(Number(process.argv[2]))));
