import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SlackMessage } from '../../local/slack/message.js';
import { fireLens } from '../helpers/firehose.js';
import { startUp, type Up, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

const rule = `- name: declined
  type: match
  where: { message: { contains: declined } }
  by: [service]
  severity: warning
  cooldown: 1s
  resolve_after: 10m
  title: Cards are declined in {service}
`;

let up: Up;
let over: (value?: unknown) => void;
let data: Promise<unknown>;

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    data = withData(async (folder) => {
      const ended = new Promise((resolve) => {
        over = resolve;
      });
      await mkdir(join(folder, 'rules'));
      await writeFile(join(folder, 'rules/rules.yml'), rule);
      await writeFile(join(folder, 'firesplit.yml'), 'alerts: { silence_links: true }\n');
      const options = ['--flush', '1', '--sweep', '1', '--rules', join(folder, 'rules')];
      up = await startUp(join(folder, 'up'), ...options, '--config', join(folder, 'firesplit.yml'));
      ready();
      await ended;
      await up.kill();
    });
    data.catch(failed);
  });
});
afterAll(async () => {
  over();
  await data;
});

const failure = (service: string, message: string) =>
  fireLens(JSON.stringify({ level: 50, msg: message }), { container_name: service });

async function messagesAbout(service: string, atLeast: number): Promise<readonly SlackMessage[]> {
  for (;;) {
    const messages = (await (await fetch(up.ready.slack)).json()) as SlackMessage[];
    const about = messages.filter(({ text }) => text.includes(` in ${service} `));
    if (about.length >= atLeast) return about;
    await sleep(50);
  }
}

/** The address of the link in the first message about a service. */
async function linkOf(service: string): Promise<string> {
  await up.put([[failure(service, 'card declined')]]);
  const [message] = await messagesAbout(service, 1);
  const [url] = /https?:[^"|>]+\/silence\/[\w.-]+/.exec(JSON.stringify(message)) ?? [];
  if (url === undefined) throw new Error(`no link in ${JSON.stringify(message)}`);
  return url;
}

/** As the page's own form sends it from a browser. */
function send(link: string, fields: Record<string, string>): Promise<Response> {
  return fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ form: `form-${Math.random()}`.replace('.', ''), name: 'Ann', ...fields }),
    headers: { origin: new URL(link).origin, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' },
    redirect: 'manual',
  });
}

const page = async (link: string) => (await fetch(link)).text();

describe('the link in a message', () => {
  it('shows its page, silences, and ends the silence', async () => {
    const link = await linkOf('pay');
    expect(link.startsWith(`${up.ready.console}/silence/`)).toBe(true);
    expect(await page(link)).toContain('People are told of this alert.');

    const sent = await send(link, { act: '1h', why: 'on it' });
    expect(sent.status).toBe(303);
    const back = new URL(sent.headers.get('location') ?? '', link).href;
    expect(back).toBe(link);
    expect(await page(back)).toContain('by <bdi>Ann</bdi> (<bdi>on it</bdi>)');

    expect((await send(link, { act: 'end', name: 'Bob' })).status).toBe(303);
    expect(await page(link)).toContain('The silence was ended by <bdi>Bob</bdi>.');
  });

  it('serves nobody who has none, and no form of another site', async () => {
    const link = await linkOf('cart');
    const forged = await fetch(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`);
    expect([forged.status, forged.headers.get('cache-control')]).toEqual([404, 'no-store']);
    const foreign = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ form: 'abcdefgh', name: 'Eve', act: '8h' }),
      headers: { origin: 'https://example.com', 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    expect(await page(link)).toContain('People are told of this alert.');
  });

  it('is answered as a function URL asks, whose forms come in base64', async () => {
    const link = await linkOf('web');
    const token = link.slice(link.lastIndexOf('/') + 1);
    const lambda = new LambdaClient({
      endpoint: up.ready.firehose,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const ask = async (changes: object) => {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({
          FunctionName: 'firesplit-local-silence',
          Payload: JSON.stringify(urlEvent(token, changes)),
        }),
      );
      expect(FunctionError).toBeUndefined();
      return JSON.parse(Buffer.from(Payload ?? []).toString());
    };
    expect(await ask({})).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining('Cards are declined in web'),
    });
    expect(await ask({ method: 'HEAD' })).toMatchObject({ statusCode: 200, body: '' });
    const form = Buffer.from('form=abcdefgh&name=Ann&act=resolved').toString('base64');
    const posted = { method: 'POST', body: form, isBase64Encoded: true };
    expect(await ask(posted)).toMatchObject({ statusCode: 303, headers: { location: token }, body: '' });
    expect(await ask({})).toMatchObject({ body: expect.stringContaining('until it is over') });
    const huge = { ...posted, body: Buffer.alloc(1_000_000, 'x').toString('base64') };
    expect(await ask(huge)).toMatchObject({ statusCode: 413 });
    lambda.destroy();
  });
});

/** As in https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
function urlEvent(token: string, { method = 'GET', ...changes }: { method?: string }) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: `/${token}`,
    rawQueryString: '',
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '198.51.100.7',
      'content-type': 'application/x-www-form-urlencoded',
      host: 'abc.lambda-url.us-east-1.on.aws',
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName: 'abc.lambda-url.us-east-1.on.aws',
      domainPrefix: 'abc',
      http: { method, path: `/${token}`, protocol: 'HTTP/1.1', sourceIp: '198.51.100.7', userAgent: 'agent' },
      requestId: 'id',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:16:03:00 +0000',
      timeEpoch: 1_795_363_380_000,
    },
    isBase64Encoded: false,
    ...changes,
  };
}
