import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { invokeCommand } from '../../../local/commands/invoke.js';
import { replayCommand } from '../../../local/commands/replay.js';
import { tempFolder } from '../../helpers/tempFolder.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

let lambda: WebServer;
/** Names of the functions that were invoked, with their events. */
let invoked: [string, unknown][];
/** What they answer, one after the other; a function that throws when it is an error. */
let answers: (object | string)[];

beforeEach(async () => {
  [invoked, answers] = [[], []];
  lambda = await startWebServer(async (request, response) => {
    const [, name = ''] = /functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
    invoked.push([name, JSON.parse(await text(request))]);
    const answer = answers.shift() ?? {};
    response.setHeader('x-amz-log-result', Buffer.from('REPORT …').toString('base64'));
    if (typeof answer === 'string') response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(JSON.stringify(typeof answer === 'string' ? { errorType: 'Error', errorMessage: answer } : answer));
  });
});

afterEach(async () => {
  process.exitCode = undefined;
  await lambda.stop();
});

/** Runs a command against that Lambda; resolves to what it prints. */
async function run(...words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const print = (line: unknown) => void lines.push(stripVTControlCharacters(String(line)));
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(print),
    jest.spyOn(console, 'error').mockImplementation(print),
  ];
  const program = new Command();
  for (const register of [invokeCommand, replayCommand]) register(program);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(['node', 'firesplit', ...words, '--endpoint', lambda.url]);
    return lines.join('\n');
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const status = (state: string, parked = 0) => ({
  replay: 'r1',
  state,
  objects: { found: 2, done: 2 - parked, skipped: 0, parked },
  records: { put: 7 },
  asked: {},
});

describe('firesplit replay', () => {
  it('asks what the options say, and does nothing without --start', async () => {
    answers = [{ dryRun: true, wouldDo: 'put 7 records', toDoIt: {} }];
    const options = [
      '--from',
      'today',
      '--error-code',
      'X',
      '--limit',
      '3',
      '--key',
      'a',
      '--key',
      'b',
      '--again',
      '--alerts',
      'shadow',
    ];
    const printed = await run('replay', 'failed', ...options);
    expect(invoked).toEqual([
      [
        'firesplit-local-replay',
        {
          source: 'failed',
          from: 'today',
          errorCode: 'X',
          limit: 3,
          keys: ['a', 'b'],
          again: true,
          alerts: 'shadow',
          dryRun: true,
        },
      ],
    ]);
    expect(printed).toBe('dryRun: true\nwouldDo: put 7 records\nDo it with the same command and --start.');
  });

  it('follows what it has started to its end', async () => {
    answers = [{ replay: 'r1', toSeeProgress: {} }, status('running'), status('done')];
    const printed = await run('replay', 'backup', '--start', '--json');
    expect(invoked.map(([, event]) => event)).toEqual([
      { source: 'backup', alerts: 'off', dryRun: false },
      { status: 'r1' },
      { status: 'r1' },
    ]);
    expect(printed.split('\n').map((line) => JSON.parse(line))).toEqual([
      { replay: 'r1', toSeeProgress: {} },
      status('done'),
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it('ends with 1 when an object was parked', async () => {
    answers = [{ replay: 'r1', toSeeProgress: {} }, status('done', 1)];
    await run('replay', 'import', '--prefix', 'import/', '--start');
    expect(process.exitCode).toBe(1);
  });

  it.each(['status', 'cancel'])('asks for %s', async (asked) => {
    answers = [status('cancelled')];
    expect(await run('replay', asked, 'r1')).toContain('state: cancelled');
    expect(invoked).toEqual([['firesplit-local-replay', { [asked]: 'r1' }]]);
  });

  it('says what is wrong with an event, and how the function failed', async () => {
    answers = [{ problems: ['from is "x"; write a time'], example: {} }];
    await expect(run('replay', 'failed', '--from', 'x')).rejects.toThrow('from is "x"; write a time');
    answers = ['no memory'];
    await expect(run('replay', 'failed')).rejects.toThrow('functions/replay failed: no memory\nREPORT …');
    await expect(run('replay', 'failed', '--limit', '0')).rejects.toThrow('A whole number above 0.');
  });
});

describe('firesplit invoke', () => {
  it('sends the event of a file, or the one that stands there', async () => {
    const file = join(await tempFolder(), 'event.json');
    await writeFile(file, '{"a":1}');
    answers = [{ b: [1] }, { c: 1 }, {}];
    expect(await run('invoke', 'sweep', '--event', file)).toBe('{\n  "b": [\n    1\n  ]\n}');
    expect(await run('invoke', 'sweep', '--event', '{"a":2}', '--json', '--log')).toBe('REPORT …\n{"c":1}');
    await run('invoke', 'sweep');
    expect(invoked).toEqual([{ a: 1 }, { a: 2 }, {}].map((event) => ['firesplit-local-sweep', event]));
  });

  it('ends with 1 when the function fails, and shows its log', async () => {
    answers = ['no'];
    expect(await run('invoke', 'alert')).toBe('REPORT …\n{\n  "errorType": "Error",\n  "errorMessage": "no"\n}');
    expect(process.exitCode).toBe(1);
  });

  it('says what is wrong before anything is invoked', async () => {
    await expect(run('invoke', 'replya')).rejects.toThrow('unknown function "replya"; did you mean "replay"?');
    await expect(run('invoke', 'replay', '--event', '{"a":')).rejects.toThrow('The event is not JSON');
    await expect(run('invoke', 'replay', '--event', '/none.json')).rejects.toThrow('ENOENT');
    expect(invoked).toEqual([]);
    await lambda.stop();
    await expect(run('invoke', 'replay')).rejects.toThrow('Nothing answers at http://127.0.0.1');
    lambda = await startWebServer(() => undefined);
  });
});
