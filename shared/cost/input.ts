/** What is asked about: a deployment in its steady state, when as much expires as arrives. */
export interface CostInput {
  /** Log lines as applications write them, in GB of 2^30 bytes. */
  readonly gbPerDay: number;
  /** Log routers: one a task with FireLens, or one a host. */
  readonly containers: number;
  readonly services: number;
  /** Bytes of an average line. */
  readonly lineBytes: number;
  /** Parts of the bytes that are lines of each type, 1 in all. */
  readonly share: { readonly access: number; readonly error: number; readonly app: number };
  /** Parameters of infra/parameters.yml. */
  readonly retentionDays: number;
  readonly landedDays: number;
  /** Queries that Athena is asked, each about a type and a day that has passed. */
  readonly queriesPerDay: number;
  /** `Flush` of the routers, in seconds. */
  readonly flushSeconds: number;
  /** Routers write a canary a minute. */
  readonly canary: boolean;
  readonly compaction: boolean;
  /** Services that have metrics of their own. */
  readonly serviceMetrics: number;
  /** Part of the error and app rows that go to another service. */
  readonly forward: number;
}

/** Of a small team: the deployment as it ships, and the traffic of docs/performance.md. */
export const defaultInput: CostInput = {
  gbPerDay: 1,
  containers: 10,
  services: 5,
  lineBytes: 250,
  share: { access: 0.77, error: 0.03, app: 0.2 },
  retentionDays: 395,
  landedDays: 14,
  queriesPerDay: 20,
  flushSeconds: 5,
  canary: true,
  compaction: true,
  serviceMetrics: 0,
  forward: 0,
};
