import { readFile, writeFile } from 'node:fs/promises';
import type { TrinoAnswer } from './client.js';

/** What Trino answered to each query when it was last asked, by the SQL. */
export type Answers = Readonly<Record<string, TrinoAnswer>>;

const file = 'test/fixtures/trino/answers.json';

export async function readAnswers(): Promise<Answers> {
  return JSON.parse(await readFile(file, 'utf8')) as Answers;
}

/** A line for each query, so that changes can be read. */
export async function writeAnswers(answers: Answers): Promise<void> {
  const lines = Object.entries(answers).map(([sql, answer]) => `${JSON.stringify(sql)}: ${JSON.stringify(answer)}`);
  await writeFile(file, `{\n${lines.join(',\n')}\n}\n`);
}
