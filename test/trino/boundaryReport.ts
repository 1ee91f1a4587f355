import type { BoundaryResults } from './boundaries.js';

/** What was found, as docs/storage.md shows it. */
export function boundaryReport({ counts, middle, readings, moves }: BoundaryResults): string {
  const counted = counts.map(
    ({ boundary, rows, lines, hours }) =>
      `| ${boundary} | ${number(rows)} | ${number(lines)} | ${Object.keys(hours).length} |\n`,
  );
  const read = readings.map(
    ({ condition, parquet, other, landed }) =>
      `| \`${condition}\` | ${parquet.partitions.join(', ')} | ${number(parquet.rows)} | ${number(other.rows)} | ${landed.partitions.join(', ')} | ${number(landed.rows)} |\n`,
  );
  return `| Boundary | Rows | Different lines | Hours that they are of |
| --- | --: | --: | --: |
${counted.join('')}
Queries that ran while the view moved on from ${middle} counted ${moves.map(({ meanwhile }) => number(meanwhile)).join(' and ')} rows, the
next ones ${moves.map(({ afterwards }) => number(afterwards)).join(' and ')}. What a query reads there:

| Condition | Days of Parquet | Rows of them | Rows of other days | Windows as they landed | Rows of them |
| --- | --- | --: | --: | --- | --: |
${read.join('')}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
