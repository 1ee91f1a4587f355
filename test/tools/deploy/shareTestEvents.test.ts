import { text } from 'node:stream/consumers';
import { SchemasClient } from '@aws-sdk/client-schemas';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEvent } from '../../../shared/replay/event/readEvent.js';
import { replayTestEvents } from '../../../shared/replay/event/testEvents.js';
import { forgetTestEvents, shareTestEvents } from '../../../tools/deploy/shareTestEvents.js';
import TestEventsPlugin from '../../../tools/deploy/testEventsPlugin.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

const schemaPath = '/v1/registries/name/lambda-testevent-schemas/schemas/name/_firesplit-prod-replay-schema';

/** A registry as EventBridge has it, over HTTP: https://docs.aws.amazon.com/eventbridge/latest/schema-reference/ */
class Registry {
  exists = false;
  versions: { readonly number: number; readonly content: string }[] = [];
  isForbidden = false;
  readonly calls: string[] = [];
  private next = 1;

  answer(
    method: string,
    url: string,
    body: string,
  ): { readonly status: number; readonly body: object; readonly error?: string } {
    const path = decodeURIComponent(url.split('?')[0] ?? '');
    this.calls.push(`${method} ${path.replace('/v1/registries/name/lambda-testevent-schemas', '')}`);
    const missing = { status: 404, body: { Code: 'NotFound', Message: 'not found' }, error: 'NotFoundException' };
    if (this.isForbidden) return { status: 403, body: { Message: 'not allowed' }, error: 'ForbiddenException' };
    if (path === '/v1/discover')
      return { status: 200, body: { Content: '{"openapi":"3.0.0","info":{},"paths":{},"components":{"schemas":{}}}' } };
    if (path === '/v1/registries/name/lambda-testevent-schemas') {
      if (method === 'POST') this.exists = true;
      return this.exists ? { status: 200, body: {} } : missing;
    }
    if (path === `${schemaPath}/versions`) {
      return {
        status: 200,
        body: { SchemaVersions: this.versions.map(({ number }) => ({ SchemaVersion: String(number) })) },
      };
    }
    const [, version] = /\/version\/(\d+)$/.exec(path) ?? [];
    if (version !== undefined) {
      this.versions = this.versions.filter(({ number }) => number !== Number(version));
      return { status: 200, body: {} };
    }
    if (path !== schemaPath) throw new Error(`${method} ${path}`);
    if (method === 'DELETE') this.versions = [];
    if (method === 'POST' || method === 'PUT')
      this.versions.push({ number: this.next++, content: JSON.parse(body).Content });
    const latest = this.versions.at(-1);
    return latest || method === 'DELETE' ? { status: 200, body: { Content: latest?.content } } : missing;
  }

  get examples(): Readonly<Record<string, unknown>> {
    return JSON.parse(this.versions.at(-1)?.content ?? '{}').components.examples;
  }
}

let registry: Registry;
let server: WebServer;
let client: SchemasClient;

beforeEach(async () => {
  registry = new Registry();
  server = await startWebServer(async (request, response) => {
    const { status, body, error } = registry.answer(request.method ?? '', request.url ?? '', await text(request));
    if (error) response.setHeader('x-amzn-errortype', error);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  client = new SchemasClient({ ...access(), maxAttempts: 1 });
});

function access() {
  return { endpoint: server.url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
}

afterEach(async () => {
  client.destroy();
  await server.stop();
});

const event = (value: unknown) => ({ value, 'x-metadata': { invocationType: 'RequestResponse' } });

describe('shareTestEvents', () => {
  it('makes what is missing, and leaves the events of others as they are', async () => {
    await shareTestEvents(client, 'firesplit-prod-replay', { one: { a: 1 } });
    expect(registry.examples).toEqual({ one: event({ a: 1 }) });
    registry.versions.push({
      number: 90,
      content: JSON.stringify({ components: { examples: { mine: { value: 7 } } } }),
    });
    await shareTestEvents(client, 'firesplit-prod-replay', { one: { a: 2 } });
    expect(registry.examples).toEqual({ mine: { value: 7 }, one: event({ a: 2 }) });
    expect(registry.calls.filter((call) => call.startsWith('POST'))).toEqual([
      'POST ',
      'POST /v1/discover',
      'POST /schemas/name/_firesplit-prod-replay-schema',
    ]);
  });

  it('writes nothing when nothing has changed, and never keeps more than five versions', async () => {
    for (let version = 0; version < 8; version++) {
      await shareTestEvents(client, 'firesplit-prod-replay', { one: { version } });
      await shareTestEvents(client, 'firesplit-prod-replay', { one: { version } });
    }
    expect(registry.versions.map(({ number }) => number)).toEqual([4, 5, 6, 7, 8]);
    expect(registry.examples).toEqual({ one: event({ version: 7 }) });
  });

  it('forgets the events of one function, whether it has any or not', async () => {
    await shareTestEvents(client, 'firesplit-prod-replay', { one: {} });
    await forgetTestEvents(client, 'firesplit-prod-replay');
    await forgetTestEvents(client, 'firesplit-prod-replay');
    expect(registry).toMatchObject({ versions: [], exists: true });
  });
});

describe('the plugin', () => {
  async function deploy(): Promise<string[]> {
    const told: string[] = [];
    const serverless = {
      service: { getFunction: (name: string) => ({ name: `firesplit-prod-${name}` }) },
      getProvider: () => ({ getAwsSdkV3Config: async () => access() }),
    };
    const log = {
      notice: (text: string) => void told.push(text),
      warning: (text: string) => void told.push(`warning: ${text}`),
    };
    await new TestEventsPlugin(serverless, {}, { log }).hooks['after:deploy:deploy']?.();
    return told;
  }

  it('shares events that are all right, under names that the console takes', async () => {
    expect(await deploy()).toEqual(['Test events of firesplit-prod-replay shared']);
    expect(Object.keys(registry.examples)).toEqual(Object.keys(replayTestEvents));
    for (const [name, value] of Object.entries(replayTestEvents)) {
      expect(name).toMatch(/^[\w.-]{1,25}$/);
      expect(readEvent(value, Date.parse('2026-11-28T14:12:00Z'))).not.toHaveProperty('problems');
    }
  });

  it('only warns whoever may not share them', async () => {
    registry.isForbidden = true;
    expect(await deploy()).toEqual([
      expect.stringMatching(/^warning: The test events of firesplit-prod-replay were not shared: not allowed/),
    ]);
  });
});
