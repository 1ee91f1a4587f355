import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type FaultKind,
  type FaultRates,
  Faults,
  faultKinds,
  parseFault,
  readFaults,
} from '../../../local/firehose/faults.js';

/** What a fault of each kind does to its next chance. */
const strike: Readonly<Record<FaultKind, (faults: Faults) => boolean>> = {
  throttle: (faults) => faults.puts(1) === 1,
  'lambda-error': (faults) => faults.invocation() === 'error',
  'lambda-timeout': (faults) => faults.invocation() === 'timeout',
  'lambda-slow': (faults) => typeof faults.invocation() === 'object',
  's3-error': (faults) => faults.store() === 'error',
  redelivery: (faults) => faults.redeliver(),
};

const kind = fc.constantFrom(...faultKinds);
const seed = fc.nat({ max: 2 ** 32 - 1 });
const rates: fc.Arbitrary<FaultRates> = fc.dictionary(kind, fc.double({ min: 0, max: 1, noNaN: true }));

function sequence(faults: Faults, kinds: readonly FaultKind[]): boolean[] {
  return kinds.map((each) => strike[each](faults));
}

describe('faults', () => {
  it('are off unless asked for', () => {
    const faults = new Faults();
    for (const each of faultKinds) expect(strike[each](faults)).toBe(false);
    expect(Object.values(faults.state().struck)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('never strike at rate 0 and always at 1', () => {
    fc.assert(
      fc.property(kind, seed, fc.nat({ max: 500 }), (each, from, calls) => {
        const [never, always] = [0, 1].map((rate) => new Faults({ [each]: rate }, from));
        for (let call = 0; call < calls; call++) {
          expect(never && strike[each](never)).toBe(false);
          expect(always && strike[each](always)).toBe(true);
        }
        expect(never?.state().struck[each]).toBe(0);
        expect(always?.state().struck[each]).toBe(calls);
      }),
    );
  });

  it('are the same for the same seed and calls, also when set anew', () => {
    fc.assert(
      fc.property(rates, seed, fc.array(kind, { maxLength: 100 }), (set, from, calls) => {
        const faults = new Faults(set, from);
        const first = sequence(faults, calls);
        expect(sequence(new Faults(set, from), calls)).toEqual(first);
        faults.set(set);
        expect(sequence(faults, calls)).toEqual(first);
      }),
    );
  });

  it('of one kind do not depend on calls of another', () => {
    fc.assert(
      fc.property(seed, fc.array(kind, { minLength: 1, maxLength: 100 }), (from, calls) => {
        const set = { throttle: 0.5, 's3-error': 0.5, redelivery: 0.5 };
        const alone = new Faults(set, from);
        const among = new Faults(set, from);
        const mine = sequence(
          alone,
          calls.filter((each) => each === 'throttle'),
        );
        const all = sequence(among, calls);
        expect(all.filter((_, index) => calls[index] === 'throttle')).toEqual(mine);
      }),
    );
  });

  it.each(faultKinds)('strike as often as their rate says: %s', (each) => {
    const calls = 20_000;
    for (const rate of [0.05, 0.5, 0.9]) {
      const faults = new Faults({ [each]: rate }, 7);
      const struck = Array.from({ length: calls }, () => strike[each](faults)).filter(Boolean).length;
      // Five standard deviations.
      expect(Math.abs(struck - rate * calls)).toBeLessThan(5 * Math.sqrt(calls * rate * (1 - rate)));
      expect(faults.state().struck[each]).toBe(struck);
    }
  });

  it('differ from seed to seed', () => {
    const outcomes = [1, 2, 3].map((from) =>
      sequence(new Faults({ redelivery: 0.5 }, from), Array(64).fill('redelivery')),
    );
    expect(new Set(outcomes.map(String)).size).toBe(3);
  });

  it('throttle a part of a batch', () => {
    const throttled = new Faults({ throttle: 0.2 }, 1).puts(500);
    expect(throttled).toBeGreaterThan(50);
    expect(throttled).toBeLessThan(150);
  });
});

describe('parseFault', () => {
  it('reads every kind and rate', () => {
    fc.assert(
      fc.property(kind, fc.double({ min: 0, max: 1, noNaN: true }), (each, rate) => {
        expect(parseFault(`${each}=${rate}`)[each]).toBe(rate + 0);
      }),
    );
  });

  it.each([
    ['throtle=0.2', 'There is no fault "throtle". Did you mean "throttle"? There are throttle, lambda-error'],
    ['rain=1', 'There is no fault "rain". There are'],
    ['throttle', '"throttle" is no fault: write KIND=RATE, for example throttle=0.2.'],
    ['throttle=', '"throttle=" is no fault'],
    ['throttle=1=2', '"throttle=1=2" is no fault'],
    ['throttle=20%', 'The rate of throttle is NaN: it must be a number from 0 (never) to 1 (always).'],
    ['throttle=1.5', 'The rate of throttle is 1.5:'],
    ['throttle=-0.1', 'The rate of throttle is -0.1:'],
  ])('refuses %s', (text, message) => {
    expect(() => parseFault(text)).toThrow(message);
  });
});

describe('readFaults', () => {
  it('reads rates and a seed', () => {
    expect(readFaults('{"throttle":0.2,"s3-error":1,"seed":9}')).toEqual({
      rates: { throttle: 0.2, 's3-error': 1 },
      seed: 9,
    });
    expect(readFaults('{}')).toEqual({ rates: {}, seed: undefined });
  });

  it.each([
    ['throttle', 'The body is not JSON: post an object of rates'],
    ['[]', 'The body is no object'],
    ['null', 'The body is no object'],
    ['{"throttle":"often"}', 'The rate of throttle is "often"'],
    ['{"seed":-1}', 'The seed is -1: it must be a whole number'],
    ['{"seed":1.5}', 'The seed is 1.5'],
    ['{"__proto__":1}', 'There is no fault "__proto__"'],
  ])('refuses %s', (body, message) => {
    expect(() => readFaults(body)).toThrow(message);
  });
});
