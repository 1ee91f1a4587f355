/** What a query read of a table: the values of its partitions, and how many of their rows. */
export interface Scan {
  readonly partitions: readonly string[];
  readonly rows: number;
}

/** The scans in what EXPLAIN ANALYZE tells, by table. */
export function scansIn(plan: string): ReadonlyMap<string, Scan> {
  const scans = plan.split(/\[table = \w+:\w+:/).slice(1);
  return new Map(
    scans.map((text) => {
      const [table = ''] = /^\w+/.exec(text) ?? [];
      const [, values = ''] = /PARTITION_KEY\n\s+:: \[(.*)\]/.exec(text) ?? [];
      const [, rows] = /Input: (\d+) rows[^\n]*Splits/.exec(text) ?? [];
      if (rows === undefined) throw new Error(`no rows are told of ${table}:\n${text}`);
      return [
        table,
        { partitions: [...values.matchAll(/\[([^\]]+)\]/g)].map(([, value = '']) => value), rows: Number(rows) },
      ];
    }),
  );
}
