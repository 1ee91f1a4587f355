import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Alerts, labelMember } from '../../../shared/record/label.js';
import { type LineSink, RecordReader } from '../../../shared/record/read.js';
import { type Origination, Readings } from '../../../shared/record/readings.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { fireLens } from '../../helpers/firehose.js';

const key = 'a key';
const identity = { name: 'AAAAAAAAAAAAAAAA', time: Date.parse('2026-11-22T16:00:00Z') };

function replayed(text: string, alerts: Alerts, by = key): Buffer {
  return labelMember(gzipSync(text), { kind: 'replay', identity, alerts }, by);
}

/** What each kind of lines has in its messages, and when they were. */
function read(...records: readonly (Buffer | string)[]) {
  const messages: Partial<Record<Origination, string[]>> = {};
  const times: string[] = [];
  const reader = new RecordReader(compilePolicy({}), [key]);
  const readings = new Readings(
    (origination, spent) => {
      const own: string[] = [];
      messages[origination] = own;
      const sink: LineSink = {
        row: (_type, json) => {
          const { message, ts } = JSON.parse(json);
          own.push(message);
          times.push(ts);
        },
        entry: () => undefined,
        blank: () => undefined,
      };
      return reader.begin(sink, spent);
    },
    [key],
  );
  const results = records.map((data, index) =>
    readings.read({
      recordId: String(index),
      approximateArrivalTimestamp: Date.now(),
      data: Buffer.from(data).toString('base64'),
    }),
  );
  readings.end();
  return { messages, times, kinds: results.map(({ kind }) => kind), readings };
}

describe('Readings', () => {
  it('reads what is replayed apart, by what becomes of its alerts', () => {
    const { messages } = read(
      fireLens('live'),
      replayed(fireLens('nobody is told'), 'off'),
      replayed(fireLens('for the log'), 'shadow'),
      replayed(fireLens('told'), 'send'),
      fireLens('live as well'),
    );
    expect(messages).toEqual({
      live: ['live', 'live as well'],
      off: ['nobody is told'],
      shadow: ['for the log'],
      send: ['told'],
    });
  });

  it('joins no line that is replayed to one that was just logged', () => {
    const trace = ['java.lang.IllegalStateException: no\n', '\tat shop.Cart.add(Cart.java:7)\n'] as const;
    const { messages, readings } = read(fireLens(trace[0]), replayed(fireLens(trace[1]), 'off'), fireLens(trace[1]));
    expect(messages.live).toHaveLength(1);
    expect(messages.off).toHaveLength(1);
    expect(readings.joinedLines).toBe(1);
  });

  it.each(['off', 'shadow', 'send'] as const)(
    'dates a replayed line without a time to when its record first came, and no other: %s',
    (alerts) => {
      const dated = fireLens('dated', { time: '2026-11-21T08:00:00.000000001Z' });
      expect(read(replayed('undated\n', alerts)).times).toEqual(['2026-11-22 16:00:00.000']);
      expect(read(replayed(dated, alerts)).times).toEqual(['2026-11-21 08:00:00.000']);
    },
  );

  it('refuses what somebody else has labelled', () => {
    const { kinds, messages } = read(replayed(fireLens('mute me'), 'off', 'guessed'));
    expect(kinds).toEqual(['failed']);
    expect(messages).toEqual({ live: [] });
  });

  it.each([
    ['a name of a file behind it', 12],
    ['a second subfield', 4],
  ])('is told nothing by a label that is not in the form of ours: %s', (_, flags) => {
    const words = `replay=${identity.name}/time=${identity.time}/alerts=off ${'0'.repeat(64)}`;
    const field = Buffer.from(`FS\0\0${words}`, 'latin1');
    field.writeUInt16LE(words.length, 2);
    const behind = flags === 4 ? Buffer.from('XX\x01\0a', 'latin1') : Buffer.alloc(0);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(field.length + behind.length);
    const member = gzipSync(fireLens('mute me'));
    const header = Buffer.from(member.subarray(0, 10));
    header[3] = flags;
    const name = flags === 4 ? Buffer.alloc(0) : Buffer.from('a\0', 'latin1');
    const { messages } = read(Buffer.concat([header, length, field, behind, name, member.subarray(10)]));
    expect(messages).toEqual({ live: ['mute me'] });
  });

  it('bounds an invocation whatever kinds of lines it has', () => {
    const { readings } = read(fireLens('live'), replayed(fireLens('told'), 'send'));
    expect(readings.spent).toMatchObject({ lines: 2 });
  });
});
