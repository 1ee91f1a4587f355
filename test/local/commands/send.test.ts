import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { sendCommand } from '../../../local/commands/send.js';
import { tempFolder } from '../../helpers/tempFolder.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

let stream: WebServer;
/** Lines as the stream was sent them. */
let logs: { readonly container_name: string; readonly log: string }[];
let printed: string[];
let folder: string;

beforeEach(async () => {
  folder = await tempFolder();
  logs = [];
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text) => printed.push(text));
  jest.spyOn(console, 'error').mockImplementation((text) => printed.push(text));
  stream = await startWebServer(async (request, response) => {
    const body = (await json(request)) as { Records?: { Data: string }[] };
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (request.headers['x-amz-target']?.toString().endsWith('.DescribeDeliveryStream')) {
      response.end(JSON.stringify({ DeliveryStreamDescription: described }));
      return;
    }
    for (const { Data } of body.Records ?? []) {
      const text = gunzipSync(Buffer.from(Data, 'base64')).toString();
      for (const line of text.split('\n')) if (line !== '') logs.push(JSON.parse(line));
    }
    response.end(JSON.stringify({ FailedPutCount: 0, RequestResponses: (body.Records ?? []).map(() => ({})) }));
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stream.stop();
});

const described = {
  Destinations: [
    {
      ExtendedS3DestinationDescription: {
        BufferingHints: { IntervalInSeconds: 60 },
        ProcessingConfiguration: {
          Processors: [{ Parameters: [{ ParameterName: 'BufferIntervalInSeconds', ParameterValue: '20' }] }],
        },
      },
    },
  ],
};

async function sendTo(endpoint: string, ...words: string[]): Promise<void> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  sendCommand(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['send', '--endpoint', endpoint, '--data', folder, ...words], { from: 'user' });
}

const send = (...words: string[]) => sendTo(stream.url, ...words);

async function fileWith(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe('send', () => {
  it('sends the lines of several files, gzipped or not, under the names of their services', async () => {
    await send(await fileWith('web.log', 'one\n'), await fileWith('pay.log.gz', gzipSync('two\r\nthree')));
    expect(logs.map(({ container_name, log }) => [container_name, log])).toEqual([
      ['web', 'one'],
      ['pay', 'two'],
      ['pay', 'three'],
    ]);
  });

  it('says when the lines can be queried where it only knows the stream', async () => {
    await send(await fileWith('web.log', 'one\n'));
    expect(printed[0]).toMatch(/^1 line, \d+ bytes, sent as 1 record of/);
    expect(printed[1]).toContain('They can be queried within 81 seconds.');
  });

  it('moves all times by what the last line of the latest file is away from now', async () => {
    const early = await fileWith('early.log', '2026-11-20T10:00:00Z a\n');
    const late = await fileWith('late.log', '2026-11-20T11:30:00Z b\n2026-11-20T12:00:00Z c\n  at d\n');
    await send(early, late, '--shift-time', '2026-11-22T16:00:00Z');
    expect(logs.map(({ log }) => log)).toEqual([
      '2026-11-22T14:00:00Z a',
      '2026-11-22T15:30:00Z b',
      '2026-11-22T16:00:00Z c',
      '  at d',
    ]);
  });

  it.each([
    ['--shift-time', 'then', 'now, or a time such as 2026-11-22T16:00:00Z.'],
    ['--endpoint', 'localhost', 'An address such as http://127.0.0.1:4573.'],
  ])('says what %s %s should be', async (flag, value, advice) => {
    await expect(send(flag, value, await fileWith('web.log', 'one\n'))).rejects.toThrow(advice);
  });

  it('says that nothing answers, and what to do', async () => {
    const file = await fileWith('web.log', 'one\n');
    const { url } = stream;
    await stream.stop();
    await expect(sendTo(url, file)).rejects.toThrow(
      `Nothing answers at ${url}: start "firesplit up", or give its address with --endpoint.`,
    );
    stream = await startWebServer(() => undefined);
  });

  it('names a folder among the files before anything is sent', async () => {
    await mkdir(join(folder, 'logs'));
    await expect(send(await fileWith('web.log', 'a line\n'), join(folder, 'logs'))).rejects.toThrow(
      `${join(folder, 'logs')} is a folder; name the log files in it, for example ${join(folder, 'logs', '*.log')}`,
    );
    expect(logs).toEqual([]);
  });

  it('names a file that is not there, and one that is no text, before anything is sent', async () => {
    const web = await fileWith('web.log', 'a line\n');
    await expect(send(web, join(folder, 'gone.log'))).rejects.toThrow(`there is no file ${join(folder, 'gone.log')}`);
    const binary = await fileWith('core', Buffer.from([1, 0, 2]));
    await expect(send(web, binary)).rejects.toThrow(`${binary} holds binary data`);
    expect(logs).toEqual([]);
  });
});
