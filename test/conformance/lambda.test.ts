/**
 * What Invoke does as AWS Lambda does it, seen by an HTTP client.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import type { InvocationResult } from '../../local/lambda/invocation.js';
import { InvokeApi } from '../../local/lambda/invokeApi.js';
import { FakeClock } from '../helpers/fakeClock.js';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:shop-alert';
const requestId = '23755774-91f6-473f-b787-7f34a9d7b0a3';

let clock: FakeClock;
let server: Server;
let url: string;
/** The events that the function got. */
let events: string[];
let problems: string[];
let result: InvocationResult;

beforeEach(async () => {
  clock = new FakeClock();
  [events, problems] = [[], []];
  result = { outcome: 'returned', payload: '{"ok":true}' };
  const api = new InvokeApi({
    region: 'us-east-1',
    accountId: '000000000000',
    exists: (each) => each.replace(/:\$LATEST$/, '') === arn,
    invoke: async (_, event) => {
      events.push(event);
      return { result, usage: undefined, log: undefined, requestId, tail: 'START\nEND\n' };
    },
    problem: (problem) => problems.push(problem),
    clock,
  });
  server = createServer(
    awsFront({
      firehose: async () => ({}),
      sqs: async () => ({}),
      lambda: (...request) => api.handle(...request),
      problem: (problem) => {
        throw new Error(problem);
      },
    }),
  );
  url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
});

afterEach(() => closeServer(server));

async function invoke(body?: string, headers: Record<string, string> = {}, name = 'shop-alert', query = '') {
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`;
  const init = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(`${url}${path}`, init);
  const header = (each: string) => answer.headers.get(each);
  return { status: answer.status, text: await answer.text(), header };
}

it('answers with what the handler returns, and the version that it ran', async () => {
  const { status, text, header } = await invoke('{"a":1}');
  expect([status, text, events]).toEqual([200, '{"ok":true}', ['{"a":1}']]);
  expect(header('x-amz-executed-version')).toBe('$LATEST');
  expect([header('x-amz-function-error'), header('x-amz-log-result')]).toEqual([null, null]);
});

it('gives a function that is sent nothing an empty object', async () => {
  await invoke();
  expect(events).toEqual(['{}']);
});

it('sends the end of the log when it is asked for: X-Amz-Log-Type: Tail', async () => {
  const log = (await invoke('{}', { 'x-amz-log-type': 'Tail' })).header('x-amz-log-result');
  expect(Buffer.from(String(log), 'base64').toString()).toBe('START\nEND\n');
});

it.each<[InvocationResult, object]>([
  [
    { outcome: 'threw', errorType: 'TypeError', message: 'no' },
    { errorType: 'TypeError', errorMessage: 'no', trace: [] },
  ],
  [
    { outcome: 'timed out', afterMs: 3000 },
    {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`,
    },
  ],
  [
    { outcome: 'crashed', errorType: 'Runtime.ExitError', message: 'Runtime exited with error: exit status 1' },
    {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`,
    },
  ],
])('tells a failure with 200 and X-Amz-Function-Error: %j', async (failure, told) => {
  result = failure;
  const { status, text, header } = await invoke('{}');
  expect([status, header('x-amz-function-error'), JSON.parse(text)]).toEqual([200, 'Unhandled', told]);
});

it('checks without invoking: DryRun', async () => {
  const { status, text } = await invoke('{}', { 'x-amz-invocation-type': 'DryRun' });
  expect([status, text, events]).toEqual([204, '', []]);
});

describe('Event', () => {
  const headers = { 'x-amz-invocation-type': 'Event' };

  it('answers 202 at once', async () => {
    const { status, text } = await invoke('{"a":1}', headers);
    expect([status, text, events, problems]).toEqual([202, '', ['{"a":1}'], []]);
  });

  it('is tried again after one minute and after two more, and then told as failed', async () => {
    result = { outcome: 'threw', errorType: 'Error', message: 'no' };
    await invoke('{"a":1}', headers);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const counts = [];
    for (const ms of [59_999, 1, 119_999, 1, 600_000]) {
      await turn();
      clock.advance(ms);
      await turn();
      counts.push(events.length);
    }
    expect(counts).toEqual([1, 2, 2, 3, 3]);
    expect(problems).toEqual([`an asynchronous invocation of ${arn} failed for good: no`]);
  });

  it('takes 1 MB, where RequestResponse takes 6', async () => {
    const large = JSON.stringify('x'.repeat(1024 * 1024));
    const refused = await invoke(large, headers);
    expect([refused.status, refused.header('x-amzn-errortype')]).toEqual([413, 'RequestTooLargeException']);
    expect(refused.text).toContain('Request must be smaller than 1048576 bytes for the InvokeFunction operation');
    expect((await invoke(large)).status).toBe(200);
    expect((await invoke(JSON.stringify('x'.repeat(6 * 1024 * 1024)))).status).toBe(413);
  });
});

it.each(['shop-alert', '000000000000:function:shop-alert', arn, `${arn}:$LATEST`, 'shop-alert:$LATEST'])(
  'finds the function as %s',
  async (name) => {
    expect((await invoke('{}', {}, name)).status).toBe(200);
  },
);

it.each<[string, Parameters<typeof invoke>, [number, string, RegExp]]>([
  ['another function', ['{}', {}, 'other'], [404, 'ResourceNotFoundException', /^Function not found: arn:.*:other$/]],
  [
    'an unknown parameter',
    ['{}', {}, 'shop-alert', '?foo=1'],
    [400, 'InvalidParameterValueException', /parameter foo/],
  ],
  [
    'an unknown log type',
    ['{}', { 'x-amz-log-type': 'foo' }],
    [400, 'ValidationException', /Value 'foo' at 'logType'/],
  ],
  ['a version', ['{}', {}, 'shop-alert', '?Qualifier=7'], [404, 'ResourceNotFoundException', /shop-alert:7$/]],
  [
    'another region',
    ['{}', {}, arn.replace('us-east-1', 'eu-west-1')],
    [404, 'ResourceNotFoundException', /:eu-west-1:/],
  ],
  [
    'a name that is none',
    ['{}', {}, 'a b'],
    [400, 'ValidationException', /^1 validation error detected: Value 'a b' at/],
  ],
  ['no JSON', ['{', {}], [400, 'InvalidRequestContentException', /^Could not parse request body into json: /]],
  [
    'an unknown type',
    ['{}', { 'x-amz-invocation-type': 'Later' }],
    [400, 'ValidationException', /^1 validation error detected: Value 'Later' at 'invocationType'/],
  ],
  [
    'a client context, which no handler here is told',
    ['{}', { 'x-amz-client-context': 'e30=' }],
    [400, 'InvalidParameterValueException', /does not know the header x-amz-client-context/],
  ],
  [
    'a header of a later Lambda',
    ['{}', { 'x-amz-date': 'any', 'x-amz-priority': 'high' }],
    [400, 'InvalidParameterValueException', /does not know the header x-amz-priority/],
  ],
])('refuses %s', async (_, request, [status, code, message]) => {
  const answer = await invoke(...request);
  expect([answer.status, answer.header('x-amzn-errortype')]).toEqual([status, code]);
  expect(JSON.parse(answer.text)).toMatchObject({ Type: 'User', message: expect.stringMatching(message) });
  expect(events).toEqual([]);
});

it('has no other operation of Lambda', async () => {
  const answer = await fetch(`${url}/2015-03-31/functions/`);
  expect([answer.status, await answer.text()]).toEqual([
    404,
    expect.stringContaining('The local Lambda has Invoke alone'),
  ]);
});
