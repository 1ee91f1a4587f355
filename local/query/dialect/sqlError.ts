/** What is wrong with a query, where, and what to write instead. */
export class SqlError extends Error {
  /**
   * @param at offset in `sql`, UTF-16 units
   * @param remedy a sentence without its full stop
   */
  constructor(sql: string, at: number, what: string, remedy?: string) {
    const before = sql.slice(0, at).split('\n');
    const column = before.at(-1)?.length ?? 0;
    const line = sql.split('\n')[before.length - 1] ?? '';
    const [shown, caret] = excerpt(line, column);
    super(`line ${before.length}:${column + 1}: ${what}${remedy ? `; ${remedy}` : ''}\n\n  ${shown}\n  ${caret}`);
    this.name = 'SqlError';
  }
}

/** The part of a line around a place, and a mark below that place. */
function excerpt(line: string, column: number): [string, string] {
  const from = Math.max(0, column - 50);
  const shown = line.slice(from, from + 100).replaceAll('\t', ' ');
  return [shown, `${' '.repeat(column - from)}^`];
}
