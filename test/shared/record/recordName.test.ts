import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../../shared/record/decode.js';
import { recordName, type StatedIdentity } from '../../../shared/record/recordName.js';
import { wireRequests, wires } from '../../helpers/firehose.js';

const arrival = Date.parse('2026-11-22T17:05:00Z');
const hourOf = (time: string) => Math.floor(Date.parse(time) / 3_600_000).toString(16);

const nanoseconds = { container_id: '7f', container_name: 'web', time: '2026-11-22T16:42:53.974000001Z' };
const line = (keys: object, log = 'a line') => `${JSON.stringify({ ...keys, log })}\n`;

function nameOf(data: string | Buffer, recordId = '1', identity?: StatedIdentity, arrived = arrival): string {
  const decoded = decodeRecord(Buffer.from(data).toString('base64'), []);
  if (decoded.kind !== 'text') throw new Error(decoded.kind);
  return recordName({ ...decoded, identity }, recordId, arrived);
}

describe('the name of a record', () => {
  it('is an hour and 96 bits', () => {
    expect(nameOf(line(nanoseconds))).toMatch(new RegExp(`^${hourOf('2026-11-22T16:00:00Z')}[\\w-]{16}$`));
    expect(nameOf('a line\n')).toMatch(new RegExp(`^${hourOf('2026-11-22T17:00:00Z')}[\\w-]{16}$`));
  });

  it.each<[string, string]>([
    ['the time and id of a container', line(nanoseconds)],
    [
      'the task and name of a container',
      line({ ecs_task_arn: 'arn:t/1', container_name: 'web', time: nanoseconds.time }),
    ],
    ['a date in seconds', line({ container_id: '7f', date: 1795365773.974012 })],
    ['microseconds', line({ container_id: '7f', time: '2026-11-22T16:42:53.974012Z' })],
    ['them in its second line', line({ container_id: '7f', log: 'x' }) + line(nanoseconds)],
  ])('is that of its content when it states %s', (_, data) => {
    const name = nameOf(data, '1');
    expect(nameOf(data, '2', undefined, arrival + 1e9)).toBe(name);
    expect(nameOf(gzipSync(data), '3')).toBe(name);
    expect(nameOf(gzipSync(data, { level: 1 }), '4', { name: 'b', time: 0 })).toBe(name);
    const [half, rest] = [data.slice(0, 10), data.slice(10)];
    expect(nameOf(Buffer.concat([gzipSync(half), gzipSync(rest)]), '5')).toBe(name);
    expect(nameOf(data + line(nanoseconds, 'another line'), '1')).not.toBe(name);
  });

  it.each<[string, string]>([
    ['text', 'a line\n'],
    ['milliseconds', line({ container_id: '7f', time: '2026-11-22T16:42:53.974Z' })],
    ['milliseconds, written longer', line({ container_id: '7f', time: '2026-11-22T16:42:53.974000000Z' })],
    ['no container', line({ service: 'web', time: nanoseconds.time })],
    ['a container without its task', line({ container_name: 'web', time: nanoseconds.time })],
    ['them in a text of its own', line({ container_id: '7f' }, line(nanoseconds))],
    ['them in an object of its own', line({ container_id: '7f', of: { time: nanoseconds.time } })],
    ['them too late', `${'{"a":1}\n'.repeat(3)}${line(nanoseconds)}`],
    ['broken JSON', line(nanoseconds).replace('}', '')],
  ])('is that of its delivery when its content proves nothing: %s', (_, data) => {
    expect(nameOf(data, '1')).toBe(nameOf(data, '1'));
    expect(nameOf(data, '2')).not.toBe(nameOf(data, '1'));
  });

  it('is what a label of ours states, of a record whose content proves nothing', () => {
    const stated = { name: 'failed/x#7', time: Date.parse('2026-11-20T08:00:00Z') };
    const name = nameOf('a line\n', '1', stated);
    expect(name).toMatch(new RegExp(`^${hourOf('2026-11-20T08:00:00Z')}`));
    expect(nameOf('a line\n', '2', stated, arrival + 1e9)).toBe(name);
    expect(nameOf('a line\n', '1', { ...stated, name: 'failed/x#8' })).not.toBe(name);
  });

  it('tells records apart that differ anywhere', () => {
    const lines = Array.from({ length: 400 }, (_, n) => line(nanoseconds, `line ${n} ${'é'.repeat(60)}`)).join('');
    const data = Buffer.from(lines);
    const names = new Set([nameOf(data)]);
    fc.assert(
      fc.property(fc.integer({ min: 200, max: data.length - 1 }), fc.boolean(), (at, isGzip) => {
        const changed = Buffer.from(data);
        changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
        expect(names.has(nameOf(isGzip ? gzipSync(changed) : changed))).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect(nameOf(data.subarray(0, -1))).not.toBe(nameOf(data));
  });

  it('of times that no clock should show has 5 digits as well', () => {
    for (const time of ['0001-01-01T00:00:00.0000001Z', '9999-12-31T23:59:59.9999999Z'])
      expect(nameOf(line({ ...nanoseconds, time }))).toMatch(/^[\da-f]{5}[\w-]{16}$/);
  });
});

it.each(wires)('content proves the identity of what Fluent Bit sends: %s', (wire) => {
  const records = wireRequests(wire).flat();
  expect(records.length).toBeGreaterThan(0);
  for (const data of records) expect(nameOf(data, '1')).toBe(nameOf(data, '2'));
  expect(new Set(records.map((data) => nameOf(data))).size).toBe(records.length);
});
