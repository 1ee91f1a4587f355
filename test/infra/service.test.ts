import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageService, properties, type ServicePackage, type Template } from './package.js';
import { references } from './references.js';

const functions = ['transform', 'alert'] as const;
let service: ServicePackage;
let template: Template;

beforeAll(async () => {
  service = await packageService(functions);
  template = service.template;
}, 60_000);

describe('the packaged service', () => {
  it('refers to nothing that does not exist', () => {
    const known = new Set([
      ...Object.keys(template.Resources),
      ...['AccountId', 'Partition', 'Region'].map((name) => `AWS::${name}`),
    ]);
    const all = references(template);
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ to }) => !known.has(to))).toEqual([]);
  });

  it('leaves no serverless variable unresolved', () => {
    expect(JSON.stringify(template)).not.toMatch(/\$\{(self|sls|param|file|opt|env):/);
  });

  it.each(functions)('zips the built %s bundle and nothing else', (name) => {
    expect(service.files[name]).toContain(`dist/functions/${name}.mjs`);
    const foreign = service.files[name]?.filter((file) => !new RegExp(`^dist/functions/${name}(\\.mjs$|/)`).test(file));
    expect(foreign).toEqual([]);
  });

  it('gives each function its own role, and makes no shared one', () => {
    const roleOf = (id: string) => properties<{ Role: unknown }>(template, id).Role;
    expect(roleOf('TransformLambdaFunction')).toEqual({ 'Fn::GetAtt': ['TransformRole', 'Arn'] });
    expect(roleOf('AlertLambdaFunction')).toEqual({ 'Fn::GetAtt': ['AlertRole', 'Arn'] });
    const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles.map(([id]) => id).sort()).toEqual(['AlertRole', 'FirehoseRole', 'TransformRole']);
  });

  it('tells the functions where things are', () => {
    const environment = (id: string) =>
      properties<{ Environment: { Variables: unknown } }>(template, id).Environment.Variables;
    expect(environment('TransformLambdaFunction')).toEqual({
      LOGS_BUCKET: { Ref: 'LogsBucket' },
      SIGNALS_QUEUE_URL: { Ref: 'SignalsQueue' },
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit',
      POWERTOOLS_SERVICE_NAME: 'transform',
    });
    expect(environment('AlertLambdaFunction')).toEqual({
      ALERTS_TABLE: { Ref: 'AlertsTable' },
      SLACK_WEBHOOK_PARAMETER: '/firesplit/test/slack/default',
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit',
      POWERTOOLS_SERVICE_NAME: 'alert',
    });
  });

  it('grants no wildcard action or resource', () => {
    for (const { Sid, Action, Resource } of statements(template)) {
      expect({ Sid, wildcards: [Action].flat().filter((action) => action.includes('*')) }).toEqual({
        Sid,
        wildcards: [],
      });
      expect({ Sid, everything: [Resource].flat().includes('*') }).toEqual({ Sid, everything: false });
    }
  });
});

describe('the way from transform to Slack', () => {
  it('hides a message long enough for the alert function, and sets aside what keeps failing', () => {
    const queue = properties<{ VisibilityTimeout: number; RedrivePolicy: unknown }>(template, 'SignalsQueue');
    const { Timeout } = properties<{ Timeout: number }>(template, 'AlertLambdaFunction');
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(queue.RedrivePolicy).toMatchObject({
      deadLetterTargetArn: { 'Fn::GetAtt': ['SignalsDeadLetterQueue', 'Arn'] },
    });
  });

  it('reports failures message by message', () => {
    expect(properties(template, 'AlertEventSourceMappingSQSSignalsQueue')).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['SignalsQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('keeps alert state under pk, cleared by expires', () => {
    expect(properties(template, 'AlertsTable')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });
});

describe('the bucket', () => {
  it('outlives the stack, is private and refuses plain HTTP', () => {
    expect(template.Resources.LogsBucket).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    expect(properties(template, 'LogsBucketPolicy')).toMatchObject({
      PolicyDocument: { Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
    });
  });
});

interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: unknown;
}

/** What the service's own roles may do; the deployment bucket's policy is serverless's. */
function statements({ Resources }: Template): Statement[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => {
    if (Type === 'AWS::IAM::Role') return (Properties as { Policies?: Policy[] }).Policies?.flatMap(statementsOf) ?? [];
    return Type === 'AWS::IAM::Policy' ? statementsOf(Properties as Policy) : [];
  });
}

interface Policy {
  PolicyDocument: { Statement: Statement[] };
}

function statementsOf({ PolicyDocument }: Policy): Statement[] {
  return PolicyDocument.Statement;
}
