import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../../../local/aws/awsError.js';
import * as requests from '../../../../local/firehose/api/requests.js';
import { readRequest } from '../../../../local/firehose/api/shapes.js';

const shape = {
  kind: 'structure',
  members: {
    Name: { kind: 'string', required: true, min: 1, max: 3, pattern: '[a-z]*' },
    Kind: { kind: 'string', values: ['One', 'Two'] },
    Count: { kind: 'integer', min: 1, max: 10 },
    Force: { kind: 'boolean' },
    Rest: { kind: 'document' },
    Tags: {
      kind: 'list',
      min: 1,
      of: { kind: 'structure', members: { Key: { kind: 'string', required: true, max: 2 } } },
    },
  },
} as const;

const at = (member: string) => `at '${member}' failed to satisfy constraint: Member must`;

describe('a request', () => {
  it('is read without what is null or unknown', () => {
    expect(readRequest(shape, { Name: 'ab', Kind: null, Other: 1, Tags: [{ Key: 'k' }] })).toEqual({
      Name: 'ab',
      Tags: [{ Key: 'k' }],
    });
  });

  it.each([
    [{}, `Value ${at('name')} not be null`],
    [{ Name: '' }, `Value '' ${at('name')} have length greater than or equal to 1`],
    [{ Name: 'abcd' }, `Value 'abcd' ${at('name')} have length less than or equal to 3`],
    [{ Name: 'A' }, `Value 'A' ${at('name')} satisfy regular expression pattern: [a-z]*`],
    [{ Name: 'a\n' }, `Value 'a\n' ${at('name')} satisfy regular expression pattern: [a-z]*`],
    [{ Name: 'a', Kind: 'Six' }, `Value 'Six' ${at('kind')} satisfy enum value set: [One, Two]`],
    [{ Name: 'a', Count: 11 }, `Value '11' ${at('count')} have value less than or equal to 10`],
    [{ Name: 'a', Tags: [] }, `Value '[]' ${at('tags')} have length greater than or equal to 1`],
    [{ Name: 'a', Tags: [{ Key: 'a' }, {}] }, `Value ${at('tags.2.member.key')} not be null`],
  ])('%j is refused as AWS words it', (input, problem) => {
    expect(() => readRequest(shape, input)).toThrow(
      new AwsError('ValidationException', `1 validation error detected: ${problem}`),
    );
  });

  it('names every broken constraint at once', () => {
    expect(() => readRequest(shape, { Count: 0, Force: true })).toThrow(
      `2 validation errors detected: Value ${at('name')} not be null; Value '0' ${at('count')} have value greater than or equal to 1`,
    );
  });

  it.each([
    [{ Name: 1 }, 'NUMBER_VALUE can not be converted to a String'],
    [{ Name: true }, 'TRUE_VALUE can not be converted to a String'],
    [{ Name: 'a', Count: '1' }, 'STRING_VALUE can not be converted to an Integer'],
    [{ Name: 'a', Force: 'x' }, 'STRING_VALUE can not be converted to a Boolean'],
    [{ Name: ['a'] }, 'Start of list found where not expected'],
    [{ Name: {} }, 'Start of structure or map found where not expected.'],
    [{ Name: 'a', Tags: {} }, 'Start of structure or map found where not expected.'],
    [{ Name: 'a', Rest: 'x' }, 'STRING_VALUE can not be converted to a structure'],
  ])('%j is refused for its types', (input, message) => {
    expect(() => readRequest(shape, input)).toThrow(new AwsError('SerializationException', message));
  });

  it('of any shape is either read or refused with an error of AWS', () => {
    const all = Object.values(requests);
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        (each, more, value) => {
          const members = Object.fromEntries(Object.keys(each.members).map((name) => [name, value]));
          try {
            readRequest(each, { ...more, ...members });
          } catch (error) {
            expect(error).toBeInstanceOf(AwsError);
          }
        },
      ),
    );
  });
});
