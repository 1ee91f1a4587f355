import type { Answer, Row } from '../answer.js';

/** One array of objects, as `JSON.stringify` would indent it. */
export async function* jsonLines({ columns, rows }: Answer): AsyncGenerator<string> {
  const object = (row: Row) => {
    const text = JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, row[index]])), null, 2);
    return `  ${text.replaceAll('\n', '\n  ')}`;
  };
  let before = '[\n';
  for await (const some of rows) {
    if (some.length === 0) continue;
    yield before + some.map(object).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
