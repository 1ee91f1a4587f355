import { measureEndpoint } from './endpoint.js';

/** Started by main.bench.ts. */
console.log(JSON.stringify(await measureEndpoint(Number(process.argv[2] ?? 10))));
