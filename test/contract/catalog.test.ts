import { createServer, type Server } from 'node:http';
import { GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { glueCatalog } from '../../functions/adapters/glueCatalog.js';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import { GlueApi } from '../../local/glue/glueApi.js';
import { viewIn } from '../../local/glue/tableFile.js';
import type { Catalog } from '../../shared/compact/ports.js';
import { MemoryCatalog } from '../helpers/compaction/memoryStore.js';
import { tempFolder } from '../helpers/tempFolder.js';

let data: string;
let server: Server;
let client: GlueClient;

beforeAll(async () => {
  server = createServer(
    awsFront({
      firehose: async () => ({}),
      sqs: async () => ({}),
      glue: (operation, input) => new GlueApi(data).handle(operation, input),
      problem: (message) => {
        throw new Error(message);
      },
    }),
  );
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
  client = new GlueClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});

beforeEach(async () => {
  data = await tempFolder();
});

afterAll(async () => {
  client.destroy();
  await closeServer(server);
});

/** Every adapter of the port, and the one that simulations use. */
const catalogs: { readonly [name: string]: () => Catalog } = {
  'in memory': () => new MemoryCatalog(),
  'Glue of the local endpoint': () => glueCatalog('firesplit_test', client),
};

describe.each(Object.entries(catalogs))('the catalog %s', (_, open) => {
  it('has no view at first, and then the one that was written', async () => {
    const catalog = open();
    expect(await catalog.read('access')).toBeUndefined();
    expect(await catalog.write('access', '{"a": "ü"}', undefined)).toBe(true);
    expect(await catalog.read('access')).toEqual({ definition: '{"a": "ü"}', version: expect.any(String) });
    expect(await catalog.read('error')).toBeUndefined();
  });

  it('makes a view only where there is none', async () => {
    const catalog = open();
    await catalog.write('access', 'one', undefined);
    expect(await catalog.write('access', 'two', undefined)).toBe(false);
    expect(await catalog.read('access')).toMatchObject({ definition: 'one' });
  });

  it('changes a view only in the version that was read', async () => {
    const catalog = open();
    await catalog.write('access', 'one', undefined);
    const read = await catalog.read('access');
    expect(await catalog.write('access', 'two', read?.version)).toBe(true);
    expect(await catalog.write('access', 'three', read?.version)).toBe(false);
    expect(await catalog.read('access')).toMatchObject({ definition: 'two' });
  });
});

it('the local endpoint keeps views where queries find them', async () => {
  await glueCatalog('firesplit_test', client).write('access', 'SELECT 1', undefined);
  expect(await viewIn(data, 'access')).toBe('SELECT 1');
  expect(await viewIn(data, 'app')).toBeUndefined();
});
