import { readFile, writeFile } from 'node:fs/promises';
import { type Answers, readAnswers } from './answers.js';
import type { BoundaryResults } from './boundaries.js';
import { boundaryReport } from './boundaryReport.js';
import { allCases } from './cases.js';

const page = 'docs/query.md';
const [begin, end] = ['<!-- begin: npm run test:trino -->\n', '<!-- end -->\n'];

/** What the last run found, as docs/query.md shows it: how many queries of each kind Trino answered, and how many it refused. */
export async function reportTable(): Promise<string> {
  const answers: Answers = await readAnswers();
  const counts = new Map<string, { answered: number; refused: number; differ: number }>();
  for (const { about, sql, differs } of await allCases()) {
    const answer = answers[sql];
    if (!answer) continue;
    const kind =
      about === 'alerts' ? 'of alerts' : /\.md$|^local\//.test(about) ? 'of the documentation and the demo' : about;
    const before = counts.get(kind) ?? { answered: 0, refused: 0, differ: 0 };
    const isRefused = 'refused' in answer;
    counts.set(kind, {
      answered: before.answered + Number(!isRefused),
      refused: before.refused + Number(isRefused),
      differ: before.differ + Number(differs !== undefined),
    });
  }
  const rows = [...counts].map(
    ([kind, { answered, refused, differ }]) => `| ${kind} | ${answered} | ${refused} | ${differ} |\n`,
  );
  return `| Queries | Trino answers | Trino refuses | the laptop differs |\n| --- | --: | --: | --: |\n${rows.join('')}`;
}

/** The table as the page has it. */
export async function reportedTable(): Promise<string> {
  const text = await readFile(page, 'utf8');
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
}

export async function writeReport(boundaries: BoundaryResults): Promise<void> {
  await putInto(page, await reportTable());
  await putInto('docs/storage.md', boundaryReport(boundaries));
}

async function putInto(page: string, found: string): Promise<void> {
  const text = await readFile(page, 'utf8');
  const from = text.indexOf(begin) + begin.length;
  await writeFile(page, text.slice(0, from) + found + text.slice(text.indexOf(end, from)));
}
