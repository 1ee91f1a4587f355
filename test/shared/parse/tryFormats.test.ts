import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonFormats, textFormats } from '../../../shared/parse/formats/index.js';
import { parseJson, recognise, tryFormats } from '../../../shared/parse/index.js';
import { parseObject } from '../../../shared/parse/json/object.js';

describe('tryFormats', () => {
  const samples = [...textFormats, ...jsonFormats].flatMap((format) => format.samples.map(({ line }) => line));

  it.each(samples)('finds first the format that reads %j', (line) => {
    expect(firstOf(line)).toEqual(withoutWrapper(line));
  });

  it('finds none where recognise finds none, and else the same, whatever the line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom(...samples).map((line) => ` \t${line}`),
        ),
        (line) => {
          expect(firstOf(line)).toEqual(withoutWrapper(line));
        },
      ),
    );
  });

  it('finds first the format that reads an object of any keys', () => {
    const members = jsonFormats.flatMap(({ samples: [sample] }) =>
      Object.entries(parseObject(sample?.line ?? '') ?? {}),
    );
    const objects = fc.uniqueArray(fc.constantFrom(...members), { selector: ([key]) => key, maxLength: 12 });
    fc.assert(
      fc.property(objects, (entries) => {
        const object = Object.fromEntries(entries);
        const found = tryFormats(object).find(({ parsed }) => parsed)?.parsed;
        expect(parseJson(object)).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });

  it('asks the formats of JSON about an object that is parsed already', () => {
    const object = { level: 'info', msg: 'a' };
    const trials = tryFormats(object);
    expect(trials.map(({ name }) => name)).toEqual(jsonFormats.map(({ name }) => name));
    expect(trials.find(({ parsed }) => parsed)?.parsed).toEqual(parseJson(object));
  });
});

function firstOf(line: string) {
  return tryFormats(line).find(({ parsed }) => parsed)?.parsed?.columns;
}

/** What a wrapper adds stands among the fields. */
function withoutWrapper(line: string) {
  return recognise(line)?.columns;
}
