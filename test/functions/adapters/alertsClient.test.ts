import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { alertsClient } from '../../../functions/adapters/alertStates.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

interface Asked {
  readonly pk: string;
  readonly target: string;
  readonly accessKey: string;
  /** Of the signature, ms since the epoch. */
  readonly signed: number;
}

type Answer = { readonly status: number; readonly body: object; readonly date?: number } | 'none';

let server: WebServer | undefined;
afterEach(() => server?.stop());

/** A DynamoDB that answers as it is told to. */
async function dynamoDB(answer: (asked: Asked, attempts: number) => Answer | Promise<Answer>) {
  const asked: Asked[] = [];
  server = await startWebServer((request, response) => {
    void (async () => {
      const one = await read(request);
      asked.push(one);
      const answered = await answer(one, asked.filter(({ pk }) => pk === one.pk).length);
      if (answered === 'none') return;
      const { status, body, date = Date.now() } = answered;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', date: new Date(date).toUTCString() });
      response.end(JSON.stringify(body));
    })();
  });
  return { endpoint: server.url, asked };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { headers } = request;
  const body = JSON.parse(await text(request)) as Record<'Key' | 'Item', { pk: { S: string } } | undefined>;
  const [, accessKey = ''] = /Credential=([^/]+)/.exec(headers.authorization ?? '') ?? [];
  const [, year, month, day, hour, minute, second] =
    /(....)(..)(..)T(..)(..)(..)Z/.exec(`${headers['x-amz-date']}`) ?? [];
  return {
    pk: (body.Key ?? body.Item)?.pk.S ?? '',
    target: `${headers['x-amz-target']}`,
    accessKey,
    signed: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
  };
}

const region = 'us-east-1';
const credentials = { accessKeyId: 'first', secretAccessKey: 'secret' };
const get = (pk: string) => new GetItemCommand({ TableName: 'alerts', Key: { pk: { S: pk } } });
const put = (pk: string) => new PutItemCommand({ TableName: 'alerts', Item: { pk: { S: pk } } });
const found = ({ pk }: Asked): Answer => ({ status: 200, body: { Item: { pk: { S: pk } } } });
const refusedFor = (type: string): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type },
});

describe('the client of the alerts table', () => {
  it('gives each of many requests of a kind the answer to itself, though some are tried again', async () => {
    const { endpoint, asked } = await dynamoDB(async (one, attempts) => {
      const number = Number(one.pk.slice(4));
      await sleep((number * 7) % 30);
      if (attempts === 1 && number % 9 === 0) return { status: 500, body: { __type: 'InternalServerError' } };
      return found(one);
    });
    const client = alertsClient({ endpoint, region, credentials });
    const ids = Array.from({ length: 200 }, (_, n) => `key#${n}`);
    const answers = await Promise.all(ids.flatMap((id) => [client.send(get(id)), client.send(put(`put#${id}`))]));
    expect(answers.flatMap((answer) => ('Item' in answer ? (answer.Item?.pk?.S ?? []) : []))).toEqual(ids);
    expect(asked.filter(({ pk, target }) => pk.startsWith('put#') !== target.endsWith('.PutItem'))).toEqual([]);
  });

  it('signs with the credentials of the time, and by the clock of DynamoDB', async () => {
    const ahead = 20 * 60_000;
    const { endpoint, asked } = await dynamoDB((one) => {
      const date = Date.now() + ahead;
      const answer = Math.abs(one.signed - date) > 5 * 60_000 ? refusedFor('RequestTimeTooSkewed') : found(one);
      return answer === 'none' ? answer : { ...answer, date };
    });
    let accessKeyId = 'first';
    const rotating = async () => ({ accessKeyId, secretAccessKey: 'secret', expiration: new Date(Date.now() + 1000) });
    const client = alertsClient({ endpoint, region, credentials: rotating });
    const all = (from: number) =>
      Promise.all(Array.from({ length: 40 }, (_, n) => client.send(get(`key#${from + n}`))));
    await all(0);
    expect(asked.length).toBeLessThanOrEqual(80);
    accessKeyId = 'second';
    const before = asked.length;
    await all(100);
    const later = asked.slice(before);
    expect(later).toHaveLength(40);
    expect(new Set(later.map((each) => each.accessKey))).toEqual(new Set(['second']));
  });

  it('asks again when there is no answer, rather than to wait for ever', async () => {
    const { endpoint } = await dynamoDB((one, attempts) => (attempts === 1 ? 'none' : found(one)));
    const client = alertsClient({ endpoint, region, credentials }, 200);
    expect((await client.send(get('key#pay'))).Item).toEqual({ pk: { S: 'key#pay' } });
  });
});
