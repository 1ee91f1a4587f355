import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { withState } from '../../../local/alerts/openState.js';
import { type LocalDynamoDB, startDynamoDB } from '../../../local/aws/dynamodb.js';
import { awsFront } from '../../../local/aws/front.js';
import { closeServer, listen } from '../../../local/aws/listen.js';
import { Authenticator } from '../../../local/aws/sigV4.js';
import { silenceCommand } from '../../../local/commands/silence.js';
import { Infra } from '../../../local/infra/infra.js';
import { projectRoot } from '../../../local/infra/project.js';
import { changeLinkSilence } from '../../../shared/alerts/links/linkSilence.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let dynamodb: LocalDynamoDB;
let open: Server;
let guarded: Server;
/** An endpoint like that of `up`, and one that asks for a key. */
let endpoint: string;
let guardedEndpoint: string;

beforeAll(async () => {
  const account = { region: 'us-east-1', id: '000000000000', stage: 'local', queueUrl: () => '' };
  const infra = await Infra.load(projectRoot(), account);
  dynamodb = await startDynamoDB(join(await tempFolder(), 'db'), infra.resourcesOfType('AWS::DynamoDB::Table'));
  const services = {
    firehose: async () => ({}),
    sqs: async () => ({}),
    dynamodb: dynamodb.forward,
    bucket: () => undefined,
    problem: (problem: string) => {
      throw new Error(problem);
    },
  };
  const key = { accessKeyId: 'mine', secretAccessKey: 'secret' };
  open = createServer(awsFront(services));
  guarded = createServer(awsFront({ ...services, authenticator: new Authenticator(key, 'us-east-1', Date.now) }));
  endpoint = `http://127.0.0.1:${await listen(open, 0, 'test')}`;
  guardedEndpoint = `http://127.0.0.1:${await listen(guarded, 0, 'test')}`;
});

afterAll(async () => {
  for (const server of [open, guarded, dynamodb.server]) await closeServer(server);
});

beforeEach(() => {
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  delete process.env.AWS_REGION;
});

/** Runs `firesplit silence …`; resolves to what it prints. */
async function silence(...options: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const program = new Command();
  silenceCommand(program);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(['silence', ...options], { from: 'user' });
  } finally {
    log.mockRestore();
  }
  return stripVTControlCharacters(lines.join('\n'));
}

const at = () => ['--endpoint', endpoint];
const because = ['--why', 'a test', '--by', 'me'];

it('adds, lists and removes', async () => {
  const before = Date.now();
  const added = JSON.parse(
    await silence(
      'add',
      '--match',
      'service=pay=1',
      '--match',
      'rule=5xx-*',
      '--for',
      '2h',
      ...because,
      '--json',
      ...at(),
    ),
  );
  expect(added).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}$/),
    status: 'active',
    matchers: { service: 'pay=1', rule: '5xx-*' },
    created: expect.any(String),
    from: added.created,
    until: expect.any(String),
    by: 'me',
    why: 'a test',
  });
  expect(Date.parse(added.until) - Date.parse(added.created)).toBe(7_200_000);
  expect(Date.parse(added.created)).toBeGreaterThanOrEqual(before);

  expect(JSON.parse(await silence('list', '--json', ...at()))).toEqual([added]);
  expect(await silence('list', ...at())).toMatch(
    new RegExp(`${added.id}  service=pay=1 rule=5xx-\\*  now    .* UTC  2h +me  a test`),
  );
  expect(await silence('remove', added.id, ...at())).toContain(`silence ${added.id} is over`);
  expect(await silence('list', ...at())).toBe('No silence holds now, and none is planned.');
  await expect(silence('remove', added.id, ...at())).rejects.toThrow(
    '"firesplit silence list" shows those that hold or are planned',
  );
});

describe('a planned silence', () => {
  const match = ['--match', 'service=billing'];
  const added = async (...options: readonly string[]) =>
    JSON.parse(await silence('add', ...match, ...because, '--json', ...options, ...at()));
  /** Days from now, to the minute. */
  const inDays = (days: number) => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)}Z`;

  it('holds from one time to another', async () => {
    const [from, until] = [inDays(2), inDays(3)];
    const planned = await added('--from', from, '--until', until);
    expect(planned).toMatchObject({ status: 'planned', from: iso(from), until: iso(until) });
    const text = await silence('list', ...at());
    expect(text).toContain(`service=billing  from ${from.replace('T', ' ').slice(0, 16)} UTC`);
    expect(text).toMatch(/UTC {2}1d +me {2}a test/);
    await silence('remove', planned.id, ...at());
  });

  it('lasts as long as it is said to, from its beginning', async () => {
    const planned = await added('--from', inDays(2), '--for', '90m');
    expect(Date.parse(planned.until) - Date.parse(planned.from)).toBe(90 * 60_000);
    await silence('remove', planned.id, ...at());
  });

  it('holds at once when it has begun, or ends at a time alone', async () => {
    for (const options of [['--from', inDays(-1), '--until', inDays(1)], [...['--until', inDays(1)]]]) {
      const begun = await added(...options);
      expect(begun).toMatchObject({ status: 'active', from: begun.created });
      await silence('remove', begun.id, ...at());
    }
  });

  it.each([
    [['--from', '2026-12-05 22:00', '--for', '1h'], 'A time with its zone'],
    [['--until', 'tomorrow'], 'A time with its zone'],
    [['--until', '2001-01-01T00:00Z'], 'The silence is to end at 2001-01-01 00:00 UTC, which is over already.'],
    [['--from', '2001-01-01T00:00Z', '--for', '1h'], 'which is over already'],
    [['--from', '2101-01-02T00:00Z', '--until', '2101-01-01T00:00Z'], 'does not come after 2101-01-02 00:00 UTC'],
    [['--until', '2101-01-01T00:00Z'], 'A silence holds for at most 365d'],
    [['--for', '1h', '--until', '2101-01-01T00:00Z'], 'by one of --for and --until'],
    [['--from', '2101-01-01T00:00Z'], 'by one of --for and --until'],
  ])('is refused with %j', async (options, message) => {
    await expect(silence('add', ...match, ...because, ...options, ...at())).rejects.toThrow(message);
  });
});

it('shows those that were made by a link in a message', async () => {
  const by = { matchers: { rule: 'http-5xx', service: 'pay' }, until: Date.now() + 3_600_000, by: 'Ann', why: 'on it' };
  const change = { ...by, untilResolved: true } as const;
  await withState({ endpoint, data: '', stage: 'prod' }, (store) =>
    changeLinkSilence(store, { rule: 'http-5xx', key: 'pay' }, 'the-form', change, Date.now()),
  );
  const [listed] = JSON.parse(await silence('list', '--json', ...at()));
  expect(listed).not.toHaveProperty('acts');
  expect(listed).toMatchObject({ alert: { rule: 'http-5xx', key: 'pay' }, untilResolved: true, status: 'active' });
  expect(await silence('list', ...at())).toMatch(
    /rule=http-5xx service=pay .* UTC, or when it is over +1h +Ann \(by link\) +on it/,
  );
  await silence('remove', listed.id, ...at());
});

const iso = (text: string) => new Date(text).toISOString();

describe('what it refuses', () => {
  it.each([
    [['--match', 'pay'], 'A label, an equals sign and a value'],
    [['--match', 'service='], 'A label, an equals sign and a value'],
    [['--match', 'servce=pay'], 'No alert has a label servce. Did you mean service?'],
    [['--match', 'x=1'], 'A label is rule, severity, a column or fields.<path>.'],
    [['--match', 'service=a', '--match', 'service=b'], 'service is given twice'],
    [['--match', 'service=a', '--for', '2 hours'], 'A duration such as 30m, 2h or 3d'],
    [['--match', 'service=a', '--for', '366d'], 'up to 365d'],
    [[], "required option '--match <label=value>' not specified"],
    [['--match', 'service=a', '--for', '1h'], "required option '--why <text>' not specified"],
  ])('%j', async (options, message) => {
    await expect(silence('add', ...options, ...at())).rejects.toThrow(message);
  });
});

describe('where there is no state', () => {
  it('says that nothing listens', async () => {
    await expect(silence('list', '--endpoint', 'http://127.0.0.1:1')).rejects.toThrow(
      'Nothing answers at http://127.0.0.1:1: start "firesplit up"',
    );
  });

  it('says which key the endpoint asks for, and takes it', async () => {
    await expect(silence('list', '--endpoint', guardedEndpoint)).rejects.toThrow(
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to what "firesplit up" was given with --credentials.',
    );
    process.env.AWS_ACCESS_KEY_ID = 'mine';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    expect(await silence('list', '--endpoint', guardedEndpoint)).toBe('No silence holds now, and none is planned.');
  });

  it.each([
    [
      'ResourceNotFoundException',
      [],
      'There is no table firesplit-prod-alerts in this region: deploy stage prod first',
    ],
    ['ResourceNotFoundException', ['--stage', 'dev'], 'There is no table firesplit-dev-alerts'],
    ['AccessDeniedException', [], 'You may not use table firesplit-prod-alerts: Said so. It takes dynamodb:GetItem'],
    ['ExpiredTokenException', [], 'Set AWS_PROFILE, or sign in again'],
  ])('says of a deployed stage that answers %s with %j: %s', async (type, options, message) => {
    const aws = createServer((request, response) => {
      request.resume();
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'Said so.' }));
    });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${await listen(aws, 0, 'test')}`;
    process.env.AWS_ACCESS_KEY_ID = 'any';
    process.env.AWS_SECRET_ACCESS_KEY = 'any';
    process.env.AWS_REGION = 'us-east-1';
    try {
      await expect(silence('list', '--aws', ...options)).rejects.toThrow(message);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
      await closeServer(aws);
    }
  });
});
