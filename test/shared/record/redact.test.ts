import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import type { EntryRow } from '../../../shared/line/schema/index.js';
import { RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { fireLens } from '../../helpers/firehose.js';

const policy = compilePolicy();

/** What is stored of some FireLens records, and what the rules see of them. */
function read(text: string): { stored: string[]; seen: EntryRow[] } {
  const stored: string[] = [];
  const seen: EntryRow[] = [];
  const data = gzipSync(text).toString('base64');
  const sink = {
    row: (_type: string, json: string) => stored.push(fromBinary(json)),
    entry: (_type: string, row: EntryRow) => seen.push(row),
    blank: () => undefined,
  };
  const reading = new RecordReader(policy).begin(sink);
  reading.read({ recordId: '1', approximateArrivalTimestamp: 1795365696256, data });
  reading.end();
  return { stored, seen };
}

const access = (target: string, agent: string) =>
  `203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET ${target} HTTP/1.1" 200 12 "-" "${agent}"`;

it.each<[string, string]>([
  ['in the query of an access line', access('/a?x=1&password=hunter2', 'curl')],
  ['behind escapes of nginx', access('/a?x=1', String.raw`a \x22\x70assword\x22: hunter2`)],
  ['in JSON', '{"level":50,"msg":"no","user":{"password":"hunter2"}}'],
  ['in the message of JSON', '{"level":30,"msg":"password=hunter2"}'],
  ['in JSON behind escapes', String.raw`{"level":50,"\u0070assword":"hunter2"}`],
  ['in logfmt', 'level=info msg=hi password=hunter2'],
  ['in text', 'ERROR login with password=hunter2 failed'],
  ['in a text that nests too deep to print', `${'{"a":'.repeat(100_000)}{"password":"hunter2"}${'}'.repeat(100_000)}`],
])('stores and tells no secret that stands %s', (_, log) => {
  // The second line goes the short way that the first one opened.
  const { stored, seen } = read(fireLens(access('/', 'curl')) + fireLens(log));
  expect(stored).toHaveLength(2);
  expect(stored.join('\n')).toContain('[redacted]');
  expect(JSON.stringify([stored, seen])).not.toContain('hunter2');
});

it.each<[string, string]>([
  ['ends in digits', access('/', String.raw`(\xD1\x824111111111111111\xD0\xB5)`)],
  ['is a digit', access('/', String.raw`card \x34111111111111111`)],
  ['is a letter of a word', access('/', String.raw`\x70\x61ssw\x6frd=hunter2`)],
])('stores no secret of a header in which an escape beside it or within it %s', (_, log) => {
  const { stored } = read(fireLens(access('/', 'curl')) + fireLens(log));
  expect(stored.join('\n')).toContain('[redacted]');
  expect(stored[1]).not.toMatch(/411111|hunter2/);
});

it('does so for the JSON lines of a shape that it knows', () => {
  const line = (agent: string) =>
    `{"time":"2026-11-22T16:41:02+00:00","request_method":"GET","request_uri":"/","status":200,"body_bytes_sent":12,"http_user_agent":"${agent}"}`;
  const usual = Array.from({ length: 50 }, (_, n) => line(`curl ${n}`));
  const secrets = [String.raw`a\u00e94111111111111111 b`, String.raw`card \u0034111111111111111`];
  secrets.push(String.raw`\u0070\u0061ssw\u006frd=hunter2`);
  const { stored } = read([...usual, ...secrets.map(line)].map((log) => fireLens(log)).join(''));
  expect(stored).toHaveLength(53);
  for (const row of stored.slice(50)) {
    expect(row).toContain('[redacted]');
    expect(row).not.toMatch(/411111|hunter2/);
  }
});

it('redacts what the collector says', () => {
  const { stored } = read(
    fireLens('one', { labels: { api_key: 'hunter2' } }) + fireLens('two', { labels: { api_key: 'hunter2' } }),
  );
  expect(stored).toHaveLength(2);
  for (const row of stored) expect(row).toContain(String.raw`\"labels\":{\"api_key\":\"[redacted]\"}`);
});
