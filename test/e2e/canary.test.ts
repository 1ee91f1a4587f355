import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect, it, jest } from '@jest/globals';
import type { SlackMessage } from '../../local/slack/message.js';
import { readRecording } from '../fluent-bit/recording.js';
import { query, startUp, type Up, withData } from '../helpers/up.js';

jest.setTimeout(120_000);

async function messagesOf(up: Up): Promise<readonly SlackMessage[]> {
  return (await (await fetch(up.ready.slack)).json()) as SlackMessage[];
}

it('stores the canaries of a real router, and tells of lines that one dropped, by the rules that ship', () =>
  withData(async (data) => {
    const { accepted } = await readRecording('test/fixtures/wire/router-canary.ndjson.gz');
    const canaries = accepted
      .map(({ data }) => gunzipSync(data).toString())
      .filter((text) => text.includes('"number":'));
    // The last one says that it gave up 512 lines since the one before.
    const [last = ''] = canaries.splice(-1);
    const [before, after] = ['"dropped_records\\":0', '"dropped_records\\":512'].map((text) =>
      text.replace('"', '\\"'),
    );
    const lossy = last.replace(
      /("now":")([^\n]*?)(","\w+":)/,
      (_all, key, now, end) => key + now.replaceAll(before, after) + end,
    );
    expect(lossy).not.toBe(last);

    const up = await startUp(data, '--flush', '1');
    await up.put([[...canaries, lossy]]);
    // Others tell that they come late: they were written long ago.
    const title = 'The log router of task 0123456789abcdef0123456789abcdef in prod dropped lines';
    while (!(await messagesOf(up)).some(({ text }) => text.includes(title))) await sleep(50);
    expect(await up.stop()).toBe(0);
    const sql = `select count(distinct message), sum(cast(json_extract_scalar(fields, '$.dropped') as bigint))
      from app where service = 'firesplit-canary'`;
    const [[different, dropped] = []] = await query(data, sql);
    expect([Number(different), Number(dropped)]).toEqual([16, 512]);
  }));
