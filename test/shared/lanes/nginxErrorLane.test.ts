import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NginxErrorLane } from '../../../shared/lanes/nginxErrorLane.js';
import { Origin } from '../../../shared/line/origin.js';
import { renderFields, renderRow } from '../../../shared/line/row.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { toRow } from '../../../shared/treatment/toRow.js';
import { readLines } from '../../bench/corpus.js';

const origin = new Origin({ service: 'web', source: 'stderr', task: 't', cluster: 'c' }, [['container_id', 'a"b']]);
const read = Date.UTC(2026, 10, 22, 17);
const policy = compilePolicy();

/** What the lane makes of a line, as the rules see it too, and what the full parse makes of it. */
function both(log: string) {
  const row = new NginxErrorLane(policy).read(log, origin, read);
  const full = toRow({ log, time: read, origin }, 0, policy);
  if (row) {
    const { message, level, logger, fingerprint, fields } = row.entry;
    expect(JSON.parse(`${row.json}}`)).toMatchObject({ message, level, logger, fields });
    expect(fingerprint).toBe((full.columns as { fingerprint?: string }).fingerprint);
  }
  const lane = row && { type: row.type, ts: row.ts, json: row.json };
  return { lane, full: { type: full.type, ts: full.ts, json: renderRow(full, renderFields(full)) } };
}

const line =
  '2026/11/22 16:41:02 [error] 7#8: *2 open() "/srv/a" failed (2: No such file), client: 203.0.113.9, server: shop, request: "GET /a?b=1 HTTP/1.1", host: "shop.example.com"';

describe('the lane of nginx errors', () => {
  it('reads the lines of a server', () => {
    const lines = [line, ...readLines('web.error.log')];
    const read = lines.map(both);
    for (const { lane, full } of read) if (lane) expect(lane).toEqual(full);
    expect(read.filter(({ lane }) => lane).length).toBeGreaterThan(0.95 * lines.length);
  });

  it('gives the very row of the full parse, or none, and recognises no access line', () => {
    const value = fc.oneof(
      fc.constantFrom('203.0.113.9', 'shop', '"GET / HTTP/1.1"', '"http://10.0.0.1:80/a"', '""'),
      fc.stringMatching(/^[ -~]{0,12}$/),
      fc.constantFrom('"', '{"a":1}', 'é', '\\"', '4111111111111111', ' ms', '[::1]', '[22/Nov/2026:16:41:02 +0000]'),
      fc.constantFrom('"u:p@h"', '"http://u:p@h/"', '"/?password=x"'),
    );
    const key = fc.constantFrom('client', 'server', 'request', 'upstream', 'host', 'referrer', 'subrequest', 'other');
    const context = fc.array(fc.tuple(key, value), { maxLength: 3 });
    const mostly = (usual: string, ...others: string[]) => fc.constantFrom(...Array(8).fill(usual), ...others);
    const parts = fc.record({
      time: mostly('2026/11/22 16:41:02', '2026-11-22 16:41:02', '2026/11/22T16:41:02'),
      level: fc.oneof(fc.constantFrom('error', 'notice', 'emerg'), mostly('warn', 'strange', 'ERROR', '')),
      pid: mostly('7', '0', '007', '123456789012345'),
      connection: fc.oneof(mostly('*2 ', '*02 ', '*1234567890123 ', '*', '*x '), fc.constant('')),
      message: fc.oneof(
        mostly(
          'connect() failed',
          'level=info msg=x',
          '@cee: {"a":1}',
          'said " from b - 200',
          '1.2.3.4 - "GET / HTTP/1.1" 200 12',
          '',
        ),
        value,
      ),
      client: mostly(', client: 203.0.113.9, server: shop', ', client: a', ''),
      end: mostly('', ' ', ' ms', ' | x', '\n\tat a.b(C.java:1)'),
    });
    let taken = 0;
    fc.assert(
      fc.property(parts, context, ({ time, level, pid, connection, message, client, end }, pairs) => {
        const rest = pairs.map(([name, text]) => `, ${name}: ${text}`).join('');
        const log = `${time} [${level}] ${pid}#7: ${connection}${message}${client}${rest}${end}`;
        const { lane, full } = both(log);
        if (lane) {
          taken++;
          expect(lane).toEqual(full);
        }
        if (new NginxErrorLane(policy).recognises(log, origin)) expect(policy.isAccess(log, origin)).toBe(false);
      }),
      { numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(150);
  });

  it('lets the joiner ask whether a message is an access line', () => {
    const access = '2026/11/22 16:41:02 [info] 7#7: 203.0.113.9 - "GET / HTTP/1.1" 200 12';
    expect(policy.isAccess(access, origin)).toBe(true);
    expect(new NginxErrorLane(policy).recognises(access, origin)).toBe(false);
    expect(new NginxErrorLane(policy).recognises(line, origin)).toBe(true);
  });

  it.each([
    ['a secret', line.replace('b=1', 'password=hunter2')],
    ['a backslash', line.replace('/srv/a', '\\x22')],
    ['two of a key', `${line}, host: "b"`],
    ['something else behind the request', `${line} and more`],
    ['a time in brackets', line.replace('/srv/a', '[22/Nov/2026:16:41:02 +0000]')],
  ])('leaves a line with %s to the full parse', (_, text) => {
    expect(both(line).lane).toBeDefined();
    expect(both(text).lane).toBeUndefined();
  });

  it('reads nothing when a redaction rule names a key, or the collector uses one', () => {
    const named = compilePolicy({ redact: { rules: [{ name: 'clients', key: ['client'] }] } });
    expect(new NginxErrorLane(named).read(line, origin, read)).toBeUndefined();
    const other = new Origin({ service: 'web' }, [['host', 'node-1']]);
    expect(new NginxErrorLane(policy).read(line, other, read)).toBeUndefined();
  });
});
