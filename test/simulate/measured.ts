/** What computing costs, as measured; a second of the machine of docs/performance.md is taken for a second of a vCPU. */
export const measured = {
  /** Of the transform's CPU, what runs on one thread, gzip being beside it where there is a second vCPU: `npm run bench`, own time of the mix. */
  transformSerialPart: 0.6,
  /** Lines that are errors, of the mix: `npm run bench -- --lanes`. */
  errorLines: 0.039,
  /**
   * Milliseconds of CPU of the alert function: to decide on a key (`npm run bench -- --conditions`, the mean of the types in the default
   * rules), and for a request to DynamoDB, such that a web service comes to the 1.26 that `npm run bench -- --scale` had for each on an AMD EPYC: five
   * decisions and a write. The slower Xeon of the table in docs/performance.md has 2.0.
   */
  alertCpuPerKey: 0.15,
  alertCpuPerRequest: 0.45,
  /** To read a message of SQS, for each KB. */
  alertCpuPerKb: 0.01,
} as const;

/** What others take to answer, milliseconds. AWS gives no figures but "single-digit milliseconds" for DynamoDB. */
export const latencies = {
  dynamodb: 5,
  slack: 200,
  /** Of an invocation, beside what it computes. */
  invocation: 15,
} as const;
