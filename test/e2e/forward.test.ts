import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { idsOf, type Plan, type StandInIntake, startIntake } from '../helpers/standInIntake.js';
import { startUp, startUpWith, type Up, withData } from '../helpers/up.js';

// A worker that was killed holds its object for half a minute.
jest.setTimeout(300_000);

/** At a time: maximumConcurrency of `forward` in infra/functions.yml. */
const workers = 4;

let intake: StandInIntake | undefined;
afterEach(async () => {
  await intake?.stop();
  intake = undefined;
});

async function configured(data: string, forward: object): Promise<string> {
  const file = join(data, 'firesplit.yml');
  await writeFile(file, JSON.stringify({ forward }));
  return file;
}

it('gives a stand-in of Datadog exactly the error and app rows, once each, across 500, 429, 413 and kill -9', () =>
  withData(async (data) => {
    let up: Up | undefined;
    let killed: Promise<void> | undefined;
    let tell = () => {};
    const death = new Promise<void>((resolve) => {
      tell = resolve;
    });
    intake = await startIntake((post, entries): Plan => {
      if (post === 0) return { status: 500 };
      if (post === 1) return { status: 429, headers: { 'retry-after': '1' } };
      if (entries.length > 250) return { status: 413 };
      if (killed !== undefined || post < 6) return undefined;
      killed = up?.kill().then(tell);
      return undefined;
    });
    const config = await configured(data, { datadog: { url: intake.url, api_key_parameter: 'key' } });
    const start = () =>
      startUpWith({ FORWARD_PARAMETERS: '{"key":"secret"}' }, join(data, 'up'), '--config', config, '--forward');

    up = await start();
    await up.put([linesOf('error', 1000), linesOf('app', 1000), linesOf('access', 1000)]);
    await death;
    const before = intake.taken.map(idsOf);
    const again = await start();
    await intake.until(2000);
    expect(await again.stop()).toBe(0);

    const sent = intake.taken.flat();
    const messages = sent.map(({ message }) => message);
    expect([...new Set(messages)].sort()).toEqual([...messagesOf('error', 1000), ...messagesOf('app', 1000)].sort());
    const ids = idsOf(sent);
    expect(new Set(ids).size).toBe(2000);
    // Each of the workers that died may have been at a request that it did not live to note: that one is there twice.
    const twice = new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
    const repeated = before.filter((request) => request.some((id) => twice.has(id)));
    expect(repeated.length).toBeLessThanOrEqual(workers);
    expect([...twice].filter((id) => !repeated.flat().includes(id))).toEqual([]);
    expect(intake.refusals).toEqual([]);
  }));

it('shows on a laptop what would go out, and lets nothing out', () =>
  withData(async (data) => {
    intake = await startIntake(() => undefined);
    const config = await configured(data, { otlp: { url: intake.url.replace('/api/v2/logs', '/v1/logs') } });
    const up = await startUp(join(data, 'up'), '--config', config);
    const forwarded = up.says('to the intake');
    await up.put([
      ['{"container_name":"pay","container_id":"c","source":"stdout","log":"password=hunter22 order=7"}\n'],
    ]);
    await forwarded;
    const shown = (await (await fetch(up.ready.intake)).json()) as { total: number; entries: { entry: unknown }[] };
    expect(shown.total).toBe(1);
    expect(shown.entries[0]?.entry).toMatchObject({ body: { stringValue: 'password=[redacted] order=7' } });
    const page = await fetch(up.ready.intake, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('password=[redacted] order=7');
    await up.stop();
    expect(intake.posts).toBe(0);
  }));

/** Lines as a collector sends them, an aggregate in each record. */
function linesOf(type: 'error' | 'app' | 'access', count: number): string[] {
  const records: string[] = [];
  const lines = messagesOf(type, count).map((message, index) => {
    const log =
      type === 'access'
        ? `203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /${index} HTTP/1.1" 200 12`
        : JSON.stringify({ level: type === 'error' ? 'error' : 'info', msg: message });
    return `${JSON.stringify({ container_name: 'pay', container_id: 'c', source: 'stdout', log })}\n`;
  });
  for (let at = 0; at < lines.length; at += 250) records.push(lines.slice(at, at + 250).join(''));
  return records;
}

function messagesOf(type: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${type} ${index}`);
}
