import { compileRedaction, type Redactor } from '../../shared/redact/redactor.js';
import {
  groupingsOf,
  longTestCards,
  lookAlikes,
  seeded,
  testCards,
  withCardWord,
  withoutCardWord,
} from '../shared/redact/cardSamples.js';
import { innocents, promised } from '../shared/redact/corpus.js';
import { redactLine } from '../shared/redact/redactLine.js';
import type { ReportTable } from './report.js';

/** `npm run bench -- --redaction`: what redaction finds of what it promises, and what it takes by mistake. */
export function measureRedaction(): ReportTable[] {
  const redactor = compileRedaction();
  return [corpus(redactor), cards(redactor), mistakes(redactor)];
}

function corpus(redactor: Redactor): ReportTable {
  const found = promised.filter(
    ({ line, secrets }) => !secrets.some((each) => redactLine(redactor, line).includes(each)),
  );
  const taken = innocents.filter(({ line }) => redactLine(redactor, line) !== line);
  const whole = found.filter(({ line, rest }) => rest.every((part) => redactLine(redactor, line).includes(part)));
  return {
    title: 'Redaction of the lines in test/shared/redact/corpus.ts',
    columns: ['what', 'lines', 'share', 'wanted'],
    rows: [
      [
        'recall: promised and found',
        `${found.length} of ${promised.length}`,
        share(found.length, promised.length),
        '100 %',
      ],
      [
        'found, and the rest left alone',
        `${whole.length} of ${promised.length}`,
        share(whole.length, promised.length),
        '100 %',
      ],
      [
        'precision: found rather than innocent',
        `${found.length} of ${found.length + taken.length}`,
        share(found.length, found.length + taken.length),
        '100 %',
      ],
      [
        'innocent and redacted',
        `${taken.length} of ${innocents.length}`,
        share(taken.length, innocents.length),
        'under 1 %',
      ],
    ],
  };
}

function cards(redactor: Redactor): ReportTable {
  const row = (name: string, given: readonly string[], sentences: readonly ((number: string) => string)[]) => {
    const numbers = given.flatMap(groupingsOf);
    const lines = numbers.flatMap((number) => sentences.map((sentence) => ({ number, line: sentence(number) })));
    const found = lines.filter(({ number, line }) => !redactLine(redactor, line).includes(number));
    return [name, `${found.length} of ${lines.length}`, share(found.length, lines.length), '100 %'];
  };
  return {
    title: 'Test numbers of the payment networks that are found, in every grouping',
    columns: ['what', 'lines', 'share', 'wanted'],
    rows: [
      row('without a word for cards', testCards, withoutCardWord),
      row('beside a word for cards', [...testCards, ...longTestCards], withCardWord),
    ],
  };
}

function mistakes(redactor: Redactor): ReportTable {
  return {
    title: `Of ${RANDOM.toLocaleString('en-US')} random numbers, taken for cards`,
    columns: ['kind', 'taken', 'share', 'wanted'],
    rows: lookAlikes.map(({ kind, line }) => {
      const random = seeded(20261128);
      let taken = 0;
      for (let n = 0; n < RANDOM; n++) if (redactLine(redactor, line(random)).includes('[redacted]')) taken++;
      return [kind, String(taken), share(taken, RANDOM), 'under 0.1 %'];
    }),
  };
}

const RANDOM = 100_000;

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)} %`;
}
