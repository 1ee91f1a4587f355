/** What goes wrong on demand, asked at each place where it can. */
export interface StreamFaults {
  /** How many of so many records are throttled. */
  puts(records: number): number;
  invocation(): undefined | 'error' | 'timeout' | { /** ms */ readonly slow: number };
  store(): undefined | 'error';
  /** Whether a batch that was processed is processed again, as Firehose's at-least-once delivery may. */
  redeliver(): boolean;
}
