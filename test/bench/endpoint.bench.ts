import { measureEndpoint } from './endpoint.js';

/** Started by main.bench.ts with a number of seconds: what was measured before would slow its clients down. */
console.log(JSON.stringify(await measureEndpoint(Number(process.argv[2]))));
