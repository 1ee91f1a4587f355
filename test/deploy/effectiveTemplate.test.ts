import { describe, expect, it } from '@jest/globals';
import type { Template } from '../infra/package.js';
import { effectiveTemplate } from './effectiveTemplate.js';

const Conditions = {
  Yes: { 'Fn::Equals': ['a', 'a'] },
  No: { 'Fn::Equals': ['a', ''] },
  NotNo: { 'Fn::Not': [{ Condition: 'No' }] },
  NotYes: { 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] },
  Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'NotNo' }] },
  NotBoth: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
};
const nothing = { Ref: 'AWS::NoValue' };

function effective(properties: unknown, conditions: object = Conditions): unknown {
  const template = {
    Conditions: conditions,
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } },
  };
  return effectiveTemplate(template as Template).Resources.Queue?.Properties;
}

describe('the template as CloudFormation takes it', () => {
  it.each(Object.entries({ Yes: true, No: false, NotNo: true, NotYes: false, Both: true, NotBoth: false }))(
    'finds that %s is %s',
    (condition, holds) => {
      const resource = { Type: 'AWS::SQS::Queue', Properties: {} };
      const section = { Always: resource, Sometimes: { ...resource, Condition: condition } };
      const template = { Conditions, Resources: section, Outputs: section } as unknown as Template;
      const expected = { Always: resource, ...(holds ? { Sometimes: resource } : {}) };
      expect(effectiveTemplate(template)).toEqual({ Resources: expected, Outputs: expected });
      expect(effective({ Value: { 'Fn::If': [condition, 1, 2] } })).toEqual({ Value: holds ? 1 : 2 });
    },
  );

  it('leaves out what has no value, in maps and in lists, however deep', () => {
    const branch = (condition: string) => ({
      'Fn::If': [condition, { Key: { 'Fn::If': ['No', 1, nothing] } }, nothing],
    });
    expect(effective({ Map: { a: branch('No'), b: branch('Yes') }, List: [branch('No'), branch('Yes'), 'c'] })).toEqual(
      {
        Map: { b: {} },
        List: [{}, 'c'],
      },
    );
  });

  it('keeps other intrinsics, and sections, as they are', () => {
    const value = { 'Fn::Sub': `\${AWS::Region}`, Ref: 'Queue' };
    expect(effective({ value })).toEqual({ value });
    const template = { Description: 'logs', Resources: {} } as unknown as Template;
    expect(effectiveTemplate(template)).toEqual({ Description: 'logs', Resources: {}, Outputs: {} });
  });

  it('says which condition it does not understand', () => {
    const value = { 'Fn::If': ['Odd', 1, 2] };
    expect(() => effective({ value }, { Odd: { 'Fn::Or': [] } })).toThrow('a condition is {"Fn::Or":[]}');
    expect(() => effective({ value }, {})).toThrow('a condition is null');
  });
});
