import { AthenaClient } from '@aws-sdk/client-athena';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Progress } from '../../../../functions/adapters/athena.js';
import { allRows } from '../../../../local/query/answer.js';
import { askAthena } from '../../../../local/query/athena/ask.js';
import { type FakeAthena, type Script, startFakeAthena } from '../../../helpers/fakeAthena.js';

const place = { stage: 'prod', workgroup: 'firesplit-prod', database: 'firesplit_prod' };
const columns = [
  { Name: 'path', Type: 'varchar' },
  { Name: 'n', Type: 'bigint' },
  { Name: 'share', Type: 'decimal' },
  { Name: 'ok', Type: 'boolean' },
];
const head = columns.map(({ Name }) => Name);
const done = { looks: [{ state: 'SUCCEEDED', scanned: 5_000_000 }], columns, pages: [[head]] };

let athena: FakeAthena | undefined;
afterEach(() => athena?.stop());

async function ask(
  script: Script,
  signal = new AbortController().signal,
  tell: (progress: Progress) => void = () => {},
) {
  athena = await startFakeAthena(script);
  const client = new AthenaClient({
    endpoint: athena.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  return askAthena(client, 'SELECT 1', place, tell, signal);
}

function asked(operation: string) {
  return (athena?.requests ?? []).filter((request) => request.operation === operation).map(({ body }) => body);
}

it('runs the query in the workgroup and database of the stage, and tells how far it is', async () => {
  const looks = [{ state: 'QUEUED' }, { state: 'RUNNING', scanned: 100 }, { state: 'SUCCEEDED', scanned: 5_000_000 }];
  const told: Progress[] = [];
  const { progress } = await ask({ ...done, looks }, undefined, (each) => told.push(each));
  expect(asked('StartQueryExecution')).toEqual([
    {
      QueryString: 'SELECT 1',
      WorkGroup: 'firesplit-prod',
      QueryExecutionContext: { Database: 'firesplit_prod' },
      ClientRequestToken: expect.stringMatching(/^[\da-f-]{36}$/),
    },
  ]);
  expect(told.map(({ state, scanned }) => [state, scanned])).toEqual([
    ['QUEUED', 0],
    ['RUNNING', 100],
    ['SUCCEEDED', 5_000_000],
  ]);
  expect(progress).toEqual({ state: 'SUCCEEDED', scanned: 5_000_000, took: 1234 });
});

it('gives the rows of all pages with their types, without the names in front', async () => {
  const pages = [
    [head, ['/a', '12', '33.3', 'true'], [null, null, null, null]],
    [['/b', '9223372036854775807', '1.50', 'false']],
  ];
  const { answer } = await ask({ ...done, pages });
  expect(answer.columns).toEqual(head);
  expect(await allRows(answer)).toEqual([
    ['/a', 12, 33.3, true],
    [null, null, null, null],
    ['/b', '9223372036854775807', 1.5, false],
  ]);
});

it('asks for a page when the one before was read', async () => {
  const { answer } = await ask({ ...done, pages: [[head, ['/a', '1', '1', 'true']], [['/b', '1', '1', 'true']]] });
  for await (const rows of answer.rows) {
    expect(rows).toHaveLength(1);
    break;
  }
  expect(asked('GetQueryResults')).toHaveLength(1);
});

it('stops the query in Athena when it is told to', async () => {
  const stopped = new AbortController();
  const asking = ask({ ...done, looks: [{ state: 'RUNNING' }] }, stopped.signal, () => stopped.abort());
  await expect(asking).rejects.toThrow(/abort/);
  expect(asked('StopQueryExecution')).toEqual([{ QueryExecutionId: 'query-1' }]);
});

describe('says what to do when Athena refuses', () => {
  it.each<[string, readonly [string, string], RegExp]>([
    [
      'an unknown workgroup',
      ['InvalidRequestException', 'WorkGroup firesplit-prod is not found.'],
      /There is no workgroup firesplit-prod in this region: deploy stage prod first, name another with --stage/,
    ],
    [
      'who may not',
      ['AccessDeniedException', 'User x is not authorized to perform: athena:StartQueryExecution.'],
      /You may not use workgroup firesplit-prod: .* It takes athena:StartQueryExecution/,
    ],
    [
      'who is unknown',
      ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
      /request for workgroup firesplit-prod was refused: The security token .* Set AWS_PROFILE, or sign in again/,
    ],
    [
      'who is nobody',
      ['CredentialsProviderError', 'Could not load credentials from any providers'],
      /^Nobody is signed in, so workgroup firesplit-prod was not asked: set AWS_PROFILE, .* sign in \(`aws sso login`\)\.$/,
    ],
    ['anything else', ['InvalidRequestException', 'line 1:8: no'], /^line 1:8: no$/],
  ])('%s', async (_name, refusal, message) => {
    await expect(ask({ ...done, refusal })).rejects.toThrow(message);
  });

  it.each<[string, Script['looks'][number], RegExp]>([
    [
      'a query that is wrong',
      { state: 'FAILED', reason: "SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved" },
      /^Athena: SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved$/,
    ],
    [
      'one that reads too much',
      { state: 'CANCELLED', reason: 'Query cancelled! : Bytes scanned limit was exceeded', scanned: 100_000_000_000 },
      /stopped the query after 100 GB, the limit of the workgroup: narrow it by dt and hour/,
    ],
    [
      'one that may not read',
      { state: 'FAILED', reason: 'Access Denied (Service: Amazon S3)' },
      /It takes s3:GetObject/,
    ],
    ['one that another stopped', { state: 'CANCELLED' }, /^The query was stopped in Athena\.$/],
    ['one without a reason', { state: 'FAILED' }, /without a reason; run it again/],
  ])('%s', async (_name, look, message) => {
    await expect(ask({ ...done, looks: [look] })).rejects.toThrow(message);
  });
});
