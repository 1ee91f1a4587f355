import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allows, statementsOf } from '../../../local/firelens/iamPolicy.js';

const action = 'firehose:PutRecordBatch';
const stream = 'arn:*:firehose:us-east-1:*:deliverystream/logs';
const arn = 'arn:aws:firehose:us-east-1:111122223333:deliverystream/logs';
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const isAllowed = (document: unknown, resource = stream) => allows(statementsOf(document), action, resource);

describe('allows', () => {
  it.each([
    ['the stream', { Effect: 'Allow', Action: action, Resource: arn }],
    ['everything', { Effect: 'Allow', Action: '*', Resource: '*' }],
    [
      'every stream',
      { Effect: 'Allow', Action: ['s3:GetObject', 'Firehose:Put*'], Resource: 'arn:aws:firehose:*:*:deliverystream/*' },
    ],
    [
      'all but another',
      {
        Effect: 'Allow',
        NotAction: 'iam:*',
        NotResource: 'arn:aws:firehose:us-east-1:111122223333:deliverystream/other',
      },
    ],
    ['with a condition, which may hold', { Effect: 'Allow', Action: action, Resource: arn, Condition: { Bool: {} } }],
  ])('%s', (_, statement) => {
    expect(isAllowed(policy(statement))).toBe(true);
  });

  it.each([
    ['another action', { Effect: 'Allow', Action: 'firehose:PutRecord', Resource: arn }],
    ['another region', { Effect: 'Allow', Action: action, Resource: arn.replace('us-east-1', 'eu-west-1') }],
    ['another stream', { Effect: 'Allow', Action: action, Resource: `${arn}-2` }],
    ['nothing', {}],
  ])('not %s', (_, statement) => {
    expect(isAllowed(policy(statement))).toBe(false);
  });

  it('lets a denial win, unless a condition may keep it from holding', () => {
    const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
    const deny = { Effect: 'Deny', Action: 'firehose:*', Resource: '*' };
    expect(isAllowed(policy(allow, deny))).toBe(false);
    expect(isAllowed(policy(allow, { ...deny, Condition: { Bool: {} } }))).toBe(true);
  });

  it('reads what IAM prints, and several policies', () => {
    const document = policy({ Effect: 'Allow', Action: action, Resource: arn });
    expect(isAllowed({ RoleName: 'web-task', PolicyName: 'logs', PolicyDocument: document })).toBe(true);
    expect(isAllowed({ PolicyVersion: { Document: document, VersionId: 'v1' } })).toBe(true);
    expect(isAllowed([policy(), document])).toBe(true);
    expect(isAllowed({ Version: '2012-10-17', Statement: document.Statement[0] })).toBe(true);
  });

  it('never throws, whatever the document', () => {
    fc.assert(fc.property(fc.jsonValue(), (document) => void isAllowed(document)));
    fc.assert(fc.property(fc.jsonValue(), (Statement) => void isAllowed({ Statement })));
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (Action, Resource) => void isAllowed(policy({ Effect: 'Allow', Action, Resource })),
      ),
    );
  });
});
