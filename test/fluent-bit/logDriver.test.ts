import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { decodeMultiStream, type ExtData } from '@msgpack/msgpack';
import { tempFolder } from '../helpers/tempFolder.js';
import type { ForwardRecord } from './forward.js';
import { LogDriver } from './logDriver.js';

const container = { name: 'web', id: '7'.repeat(64), task: 'abc' };

type Message = readonly [tag: string, time: ExtData, record: ForwardRecord, option: object];

/** A router that reads one connection to its end. */
async function received(path: string): Promise<{ readonly server: Server; readonly messages: Promise<Message[]> }> {
  const server = createServer();
  const messages = once(server, 'connection').then(async ([socket]) => {
    const all: Message[] = [];
    for await (const message of decodeMultiStream(socket as Socket)) all.push(message as Message);
    return all;
  });
  server.listen(path);
  await once(server, 'listening');
  return { server, messages };
}

describe('the stand-in of the log driver', () => {
  it('sends each line as a message of the forward protocol, in order and with a time of its own', async () => {
    const path = join(await tempFolder(), 'sock');
    const { server, messages } = await received(path);
    const driver = new LogDriver(container, { path });
    const before = Math.floor(Date.now() / 1000);
    driver.log('stdout', 'first');
    driver.log('stderr', 'second');
    await driver.close();
    const all = await messages;
    expect(all.map(([tag, , { log, source, container_name: name }]) => [tag, log, source, name])).toEqual([
      ['web-firelens-abc', 'first', 'stdout', 'web'],
      ['web-firelens-abc', 'second', 'stderr', 'web'],
    ]);
    const times = all.map(([, { type, data }]) => {
      expect(type).toBe(0);
      const view = Buffer.from(data as Uint8Array);
      return { seconds: view.readUInt32BE(0), nanoseconds: view.readUInt32BE(4) };
    });
    expect(times[0]?.seconds).toBeGreaterThanOrEqual(before - 1);
    expect(times[0]).not.toEqual(times[1]);
    server.close();
  });

  it('splits a line at 16 KB into numbered parts of one id, and the next line has another', async () => {
    const path = join(await tempFolder(), 'sock');
    const { server, messages } = await received(path);
    const driver = new LogDriver(container, { path });
    const line = `${'x'.repeat(16_384) + 'y'.repeat(16_384)}z`;
    driver.log('stdout', line);
    driver.log('stdout', 'w'.repeat(16_385));
    driver.log('stdout', 'v'.repeat(16_384));
    await driver.close();
    const records = (await messages).map(([, , record]) => record);
    expect(records.map((record) => [record.partial_ordinal, record.partial_last, record.log?.length])).toEqual([
      ['1', 'false', 16_384],
      ['2', 'false', 16_384],
      ['3', 'true', 1],
      ['1', 'false', 16_384],
      ['2', 'true', 1],
      [undefined, undefined, 16_384],
    ]);
    expect(
      records
        .slice(0, 3)
        .map(({ log }) => log)
        .join(''),
    ).toBe(line);
    expect(new Set(records.slice(0, 5).map(({ partial_id: id }) => id)).size).toBe(2);
    server.close();
  });

  it('waits for a router that is not there yet, and drops what its queue has no room for', async () => {
    const path = join(await tempFolder(), 'sock');
    const driver = new LogDriver(container, { path }, 2);
    for (const line of ['kept', 'kept, too', 'dropped']) driver.log('stdout', line);
    expect([driver.waiting, driver.dropped]).toEqual([2, 1]);
    // The first attempt fails meanwhile.
    await pause(0);
    const { server, messages } = await received(path);
    await driver.close();
    expect((await messages).map(([, , { log }]) => log)).toEqual(['kept', 'kept, too']);
    server.close();
  });
});
