import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Origin } from '../../../shared/line/origin.js';
import type { PlacedEvent } from '../../../shared/line/placedEvent.js';
import { PartialLines } from '../../../shared/record/partials.js';
import { cut } from '../../../shared/text/cut.js';
import { somePlace } from '../../helpers/rows.js';

function part(id: string, ordinal: number, isLast: boolean, log: string): PlacedEvent {
  const extra = [
    ['container_id', 'c'],
    ['partial_message', 'true'],
    ['partial_id', id],
    ['partial_ordinal', String(ordinal)],
    ['partial_last', String(isLast)],
  ] as const;
  return { log, time: 1, origin: new Origin({ service: 'web' }, extra), place: somePlace };
}

describe('PartialLines', () => {
  it('gives back every line once, whole when all its parts came, in whatever order', () => {
    const lines = fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.nat()), fc.nat(3), (all, order, lost) => {
        const parts = all.flatMap((pieces, id) =>
          pieces.map((log, index) => ({ id, event: part(String(id), index + 1, index === pieces.length - 1, log) })),
        );
        const shuffled = parts
          .map((each) => ({ each, key: order.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const sent = shuffled.slice(lost);
        const partials = new PartialLines();
        const whole = sent.flatMap(({ event }) => partials.add(event, 2) ?? []).map(({ log }) => log);
        const rest = [...partials.rest()].map(({ event }) => event);

        const complete = all.filter((pieces, id) => sent.filter((each) => each.id === id).length === pieces.length);
        expect(whole.sort()).toEqual(complete.map((pieces) => pieces.join('')).sort());
        const waiting = sent.filter(({ id }) => sent.filter((each) => each.id === id).length < (all[id]?.length ?? 0));
        expect(new Set(rest)).toEqual(new Set(waiting.map(({ event }) => event)));
        expect([...partials.rest()]).toEqual([]);
      }),
    );
  });

  it('leaves other events alone and drops the part numbers of a joined one', () => {
    const partials = new PartialLines();
    const plain: PlacedEvent = { log: 'x', time: 1, origin: new Origin({}, [['container_id', 'c']]), place: somePlace };
    expect(partials.add(plain, 2)).toBe(plain);
    expect(partials.add(part('a', 1, false, '{"msg":'), 2)).toBeUndefined();
    const whole = partials.add(part('a', 2, true, '"x"}'), 2);
    expect(whole?.log).toBe('{"msg":"x"}');
    expect(whole?.origin.extra).toEqual([['container_id', 'c']]);
  });

  describe('what the records of the parts say of the line', () => {
    const saying = (ordinal: number, key: string, value: unknown): PlacedEvent => {
      const plain = part('a', ordinal, ordinal === 2, `<${ordinal}>`);
      return { ...plain, origin: new Origin({ service: 'web' }, [...plain.origin.extra, [key, value]]) };
    };

    it('stays, whichever part it came with', () => {
      const partials = new PartialLines();
      partials.add(saying(1, 'trace', 'x'), 2);
      expect(partials.add(saying(2, 'request', { id: 7 }), 2)?.origin.extra).toEqual([
        ['container_id', 'c'],
        ['trace', 'x'],
        ['request', { id: 7 }],
      ]);
    });

    it('keeps parts of which other things are said apart, but for times', () => {
      const partials = new PartialLines();
      expect([saying(1, 'trace', 'x'), saying(2, 'trace', 'y')].map((each) => partials.add(each, 2))).toEqual([
        undefined,
        undefined,
      ]);
      expect([...partials.rest()]).toHaveLength(2);
      partials.add(saying(1, 'timestamp', 'x'), 2);
      expect(partials.add(saying(2, 'timestamp', 'y'), 2)?.log).toBe('<1><2>');
    });
  });

  it('gives up a part that is numbered beyond the last one, and joins the others', () => {
    const sent = [part('a', 3, false, 'third'), part('a', 2, true, 'second'), part('a', 1, false, 'first')];
    const partials = new PartialLines();
    expect(sent.map((event) => partials.add(event, 2)?.log)).toEqual([undefined, undefined, 'firstsecond']);
    expect([...partials.rest()].map(({ event }) => event.log)).toEqual(['third']);
  });

  it.each(['0', '-1', '1.5', 'x', '10001', '1e9'])('takes a part numbered %s as a line of its own', (ordinal) => {
    const event: PlacedEvent = {
      log: 'x',
      time: 1,
      place: somePlace,
      origin: new Origin({}, [
        ['partial_id', 'a'],
        ['partial_ordinal', ordinal],
      ]),
    };
    expect(new PartialLines().add(event, 2)).toBe(event);
  });

  it('waits for the others of a part numbered 10000', () => {
    const partials = new PartialLines();
    expect(partials.add(part('a', 10_000, false, 'x'), 2)).toBeUndefined();
    expect([...partials.rest()].map(({ event }) => event.log)).toEqual(['x']);
  });

  it('joins the parts of each container by themselves, though their ids are the same', () => {
    const partials = new PartialLines();
    const of = (container: string, ordinal: number, isLast: boolean, log: string): PlacedEvent => {
      const plain = part('a', ordinal, isLast, log);
      const extra = plain.origin.extra.map(
        ([name, value]) => [name, name === 'container_id' ? container : value] as const,
      );
      return { ...plain, origin: new Origin({}, extra) };
    };
    const parts = [of('c', 1, false, 'c1'), of('d', 1, false, 'd1'), of('d', 2, true, 'd2'), of('c', 2, true, 'c2')];
    expect(parts.map((each) => partials.add(each, 2)?.log)).toEqual([undefined, undefined, 'd1d2', 'c1c2']);
  });

  it('gives back parts by their number, with the arrival of the first that came', () => {
    const partials = new PartialLines();
    partials.add(part('a', 3, false, 'third'), 5);
    partials.add(part('a', 1, false, 'first'), 6);
    expect([...partials.rest()].map(({ event, arrival }) => [event.log, arrival])).toEqual([
      ['first', 5],
      ['third', 5],
    ]);
  });

  it('gives back every part once, whatever the numbers say', () => {
    const numbers = fc.record({
      id: fc.constantFrom('a', 'b'),
      ordinal: fc.integer({ min: 1, max: 4 }),
      isLast: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 12 }), (all) => {
        const partials = new PartialLines();
        const parts = all.map(({ id, ordinal, isLast }, at) => part(id, ordinal, isLast, `<${at}>`));
        const out = [
          ...parts.flatMap((each) => partials.add(each, 2) ?? []),
          ...[...partials.rest()].map(({ event }) => event),
        ];
        const given = out.flatMap(({ log }) => String(log).match(/<\d+>/g) ?? []);
        expect(given.sort()).toEqual(parts.map(({ log }) => log).sort());
      }),
    );
  });

  it('keeps both of two different parts of one number', () => {
    const partials = new PartialLines();
    const parts = [part('a', 1, false, 'x'), part('a', 1, false, 'y'), part('a', 2, true, 'z')];
    expect(parts.flatMap((each) => partials.add(each, 2)?.log ?? [])).toEqual(['yz']);
    expect([...partials.rest()].map(({ event }) => event.log)).toEqual(['x']);
  });

  it.each(['container_id', 'partial_id', 'partial_ordinal', 'partial_last'])(
    'takes an object under %s for no id or number',
    (key) => {
      const { log, time, origin } = part('a', 1, false, 'x');
      const extra = origin.extra.map(([name, value]) => [name, name === key ? { toString: 1 } : value] as const);
      const partials = new PartialLines();
      const out = partials.add({ log, time, origin: new Origin({}, extra), place: somePlace }, 2);
      expect([...(out ? [out] : []), ...[...partials.rest()].map(({ event }) => event)]).toHaveLength(1);
    },
  );

  it('joins a line of just what a record may hold, 64 MiB', () => {
    const partials = new PartialLines();
    const half = 'x'.repeat(32 * 1024 * 1024);
    expect(partials.add(part('a', 1, false, half), 2)).toBeUndefined();
    expect(String(partials.add(part('a', 2, true, half), 2)?.log)).toHaveLength(64 * 1024 * 1024);
  });

  it('gives up a line that would grow beyond what a record may hold', () => {
    const partials = new PartialLines();
    const piece = 'x'.repeat(40 * 1024 * 1024);
    expect(partials.add(part('a', 1, false, piece), 2)).toBeUndefined();
    expect(partials.add(part('a', 2, true, piece), 2)).toBeUndefined();
    expect([...partials.rest()]).toHaveLength(2);
  });
});

describe('cut', () => {
  it('gives pieces within the limit that make the text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 4, max: 40 }), (text, limit) => {
        const pieces = cut(text, limit);
        expect(pieces.join('')).toBe(text);
        expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
