import { measureAlertLatency } from './alertLatency.js';
import { measureEndpoint } from './endpoint.js';

/** Started by main.bench.ts: `endpoint` with seconds, or `alerts` with their number. */
const [, , what, amount] = process.argv;
const measure = what === 'alerts' ? measureAlertLatency : measureEndpoint;
console.log(JSON.stringify(await measure(Number(amount))));
