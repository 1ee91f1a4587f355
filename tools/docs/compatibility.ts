import { readFileSync } from 'node:fs';

/** docs/local.md: what the local endpoint can and can't do, as the tests in test/compatibility found it. */
export const compatibilitySections = {
  'firehose-operations': () => table('firehose'),
  'sqs-operations': () => table('sqs'),
  'dynamodb-operations': () => table('dynamodb'),
  'lambda-operations': () => table('lambda'),
  's3-operations': () => table('s3'),
} as const;

/** Each has a file in docs/compatibility. */
type Service = 'firehose' | 'sqs' | 'dynamodb' | 'lambda' | 's3';

/** What came of one thing that a client may want of an operation. */
interface Finding {
  readonly operation: string;
  readonly what: string;
  readonly result: 'works' | 'refused' | 'differs';
  /** How it differs. */
  readonly note?: string;
}

function table(service: Service): string[] {
  const findings = JSON.parse(readFileSync(`docs/compatibility/${service}.json`, 'utf8')) as Finding[];
  const operations = [...new Set(findings.map(({ operation }) => operation))];
  const of = (operation: string) => findings.filter((finding) => finding.operation === operation);
  const [some, none] = split(operations, (operation) => of(operation).some(({ result }) => result !== 'refused'));
  return [
    '',
    '| Operation | Works | Refused | Differs from AWS |',
    '| --- | --- | --- | --- |',
    ...some.map((operation) => row(operation, of(operation))),
    '',
    ...(none.length === 0 ? [] : [`Refused as a whole: ${none.sort().join(', ')}.`, '']),
  ];
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function row(operation: string, findings: readonly Finding[]): string {
  const cell = (result: Finding['result'], text: (finding: Finding) => string) =>
    findings
      .filter((finding) => finding.result === result)
      .map(text)
      .join('; ');
  const cells = [
    operation,
    cell('works', ({ what }) => what),
    cell('refused', ({ what }) => what),
    cell('differs', ({ what, note = '' }) => `${what}: ${note}`),
  ];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}
