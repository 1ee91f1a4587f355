import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compactConf,
  parseConf,
  sectionsOf,
  serviceSetting,
  sizeOf,
  variablesOf,
} from '../../../local/firelens/conf.js';

const text = `# a comment with \${NOTHING}
@INCLUDE other.conf
[SERVICE]
    Flush      5
    # Grace    10
    Grace      30

[Output]
    Name       kinesis_firehose
    Match      *-firelens-*
    Region     \${AWS_REGION}
    empty
[SERVICE]
    Grace      60
`;

describe('a configuration of Fluent Bit', () => {
  const conf = parseConf(text);

  it('has sections, whose keys have no case', () => {
    expect(conf.map(({ kind }) => kind)).toEqual(['SERVICE', 'OUTPUT', 'SERVICE']);
    expect(Object.fromEntries(sectionsOf(conf, 'OUTPUT')[0]?.settings ?? [])).toEqual({
      name: 'kinesis_firehose',
      match: '*-firelens-*',
      region: `\${AWS_REGION}`,
      empty: '',
    });
  });

  it('goes by the last section of the service', () => {
    expect(serviceSetting(conf, 'grace')).toBe('60');
    expect(serviceSetting(conf, 'flush')).toBe('5');
    expect(serviceSetting(conf, 'storage.path')).toBeUndefined();
  });

  it('names the variables that it needs', () => {
    expect(variablesOf(text)).toEqual(['AWS_REGION']);
  });

  it('says the same without comments and alignment', () => {
    expect(compactConf(text)).toBe(`@INCLUDE other.conf
[SERVICE]
 Flush 5
 Grace 30
[Output]
 Name kinesis_firehose
 Match *-firelens-*
 Region \${AWS_REGION}
 empty
[SERVICE]
 Grace 60`);
    const lines = fc.array(fc.stringMatching(/^ {0,4}(?:\[[A-Z]+\]|[a-z_.]+ {0,3}[ -~]{0,20}|#.*|)$/));
    fc.assert(
      fc.property(lines, (each) => {
        expect(parseConf(compactConf(each.join('\n')))).toEqual(parseConf(each.join('\n')));
      }),
    );
  });
});

it.each([
  ['16M', 16_000_000],
  ['2G', 2_000_000_000],
  ['900K', 900_000],
  ['10', 10],
  ['1 MB', 1_000_000],
  ['much', undefined],
  [undefined, undefined],
])('the size %s is %s bytes', (size, bytes) => {
  expect(sizeOf(size)).toBe(bytes);
});
