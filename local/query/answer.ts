/** A query's answer, from whoever was asked: rows of plain values (numbers, text, booleans, null), some at a time. */
export interface Answer {
  readonly columns: readonly string[];
  /** Each in the order of the columns. Can be read once. */
  readonly rows: AsyncIterable<readonly Row[]>;
}

export type Row = readonly unknown[];

/** All rows of an answer at once, for answers that are known to be short. */
export async function allRows(answer: Answer): Promise<Row[]> {
  const all: Row[] = [];
  for await (const rows of answer.rows) for (const row of rows) all.push(row);
  return all;
}
