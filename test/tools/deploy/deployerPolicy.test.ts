import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { iam } from '../../../shared/limits.js';
import { type DeployerScope, grantsByType } from '../../../tools/deploy/deployerGrants.js';
import { deployerPolicies, type PolicyDocument } from '../../../tools/deploy/deployerPolicy.js';

const scope: DeployerScope = {
  partition: 'aws',
  region: 'eu-west-1',
  stack: 'firesplit-prod',
  stream: 'logs',
  bucket: 'firesplit-prod-logs-*-eu-west-1',
  database: 'firesplit_prod',
  rolePath: '/logs/',
  isInVpc: false,
};
const allTypes = Object.keys(grantsByType(scope));

function policiesOf(types: readonly string[], more: Partial<DeployerScope> = {}): PolicyDocument[] {
  const Resources = Object.fromEntries(types.map((Type, index) => [`Resource${index}`, { Type }]));
  return deployerPolicies({ Resources }, { ...scope, ...more });
}

function statementsOf(action: string, policies: readonly PolicyDocument[]) {
  return policies.flatMap(({ Statement }) => Statement).filter(({ Action }) => Action.includes(action));
}

describe('the policies of a deployer', () => {
  it('allow for what is in the template, under the names that it gives', () => {
    const policies = policiesOf(['AWS::SQS::Queue', 'AWS::SQS::Queue', 'AWS::IAM::Role']);
    expect(statementsOf('sqs:CreateQueue', policies).map(({ Resource }) => Resource)).toEqual([
      ['arn:aws:sqs:eu-west-1:*:firesplit-prod-*'],
    ]);
    expect(statementsOf('iam:CreateRole', policies).map(({ Resource }) => Resource)).toEqual([
      ['arn:aws:iam::*:role/logs/firesplit-prod-*'],
    ]);
    expect(statementsOf('dynamodb:CreateTable', policies)).toEqual([]);
    expect(statementsOf('cloudformation:CreateChangeSet', policies)).toHaveLength(1);
  });

  it('refuse a template with a type that nothing is said of', () => {
    expect(() => policiesOf(['AWS::SQS::Queue', 'AWS::EC2::Instance'])).toThrow(
      'nothing says what a deployment of AWS::EC2::Instance needs: add it to grantsByType',
    );
  });

  it('hold roles to the boundary that the account asks for', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    const Condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    for (const action of [
      'iam:CreateRole',
      'iam:PutRolePolicy',
      'iam:AttachRolePolicy',
      'iam:PutRolePermissionsBoundary',
    ]) {
      const statements = statementsOf(action, policiesOf(allTypes, { permissionsBoundary: boundary }));
      expect(statements.map((each) => each.Condition)).toEqual([Condition]);
      expect(statementsOf(action, policiesOf(allTypes)).map((each) => each.Condition)).toEqual([undefined]);
    }
  });

  it('ask for a key, a layer and a network only with their parameters', () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    const layer = 'arn:aws:lambda:eu-west-1:580247275435:layer:Insights:1';
    const given = policiesOf(allTypes, { kmsKey: key, insightsLayer: layer, isInVpc: true });
    expect(statementsOf('kms:CreateGrant', given)[0]?.Resource).toEqual([key]);
    expect(statementsOf('lambda:GetLayerVersion', given)[0]?.Resource).toEqual([layer]);
    expect(statementsOf('ec2:DescribeSubnets', given)).toHaveLength(1);
    expect(JSON.stringify(policiesOf(allTypes))).not.toMatch(/kms:|layer:|ec2:/);
  });

  it('read no lines, and touch nothing else of the account', () => {
    const free = ['*', 'arn:aws:cloudwatch:eu-west-1:*:alarm:*', 'arn:aws:lambda:eu-west-1:*:event-source-mapping:*'];
    const named = /firesplit[-_]prod|deliverystream\/logs$|kinesisfirehose\/logs|:catalog$|lambda-testevent-schemas/;
    for (const { Action, Resource, Condition } of policiesOf(allTypes).flatMap(({ Statement }) => Statement)) {
      const loose = Resource.filter((each) => !named.test(each));
      expect(loose.filter((each) => !free.includes(each))).toEqual([]);
      const harmless = /:(Describe|Get|List|Validate|Tag|Untag)|sns:(Set|Un)/;
      if (loose.length > 0 && !Condition) expect(Action.filter((each) => !harmless.test(each))).toEqual([]);
      if (Resource.some((each) => each.startsWith('arn:aws:s3:::firesplit-prod-logs'))) {
        expect(Action).not.toContain('s3:GetObject');
      }
    }
  });

  it('fit into what IAM takes of one, whatever the names', () => {
    const name = fc.stringMatching(/^[a-z]{1,60}$/);
    fc.assert(
      fc.property(name, name, fc.subarray(allTypes), (stack, stream, types) => {
        const policies = policiesOf(types, { stack, stream, permissionsBoundary: `arn:aws:iam::1:policy/${stream}` });
        expect(policies.length).toBeLessThanOrEqual(10);
        for (const policy of policies)
          expect(JSON.stringify(policy).length).toBeLessThanOrEqual(iam.maxManagedCharacters);
      }),
      { numRuns: 50 },
    );
  });
});
