import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Account } from '../../../local/infra/account.js';
import { Infra } from '../../../local/infra/infra.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const account: Account = {
  region: 'eu-west-1',
  id: '000000000000',
  stage: 'local',
  queueUrl: (name) => `http://127.0.0.1:1/000000000000/${name}`,
};

const serverless = `service: shop
params:
  default:
    stream: logs
    keep: 30
  local:
    keep: 1
provider:
  name: aws
  timeout: 9
  environment:
    SHARED: \${self:service}-\${sls:stage}
functions: \${file(dist/functions.cjs), file(infra/functions.yml)}
resources:
  - \${file(infra/a.yml)}
`;

const functions = `transform:
  handler: dist/functions/transform.handler
  timeout: 120
  environment:
    BUCKET: !Ref Bucket
    QUEUE: !Ref Queue
`;

async function load(template: string): Promise<Infra> {
  const root = await tempFolder();
  const files = { 'serverless.yml': serverless, 'infra/functions.yml': functions, 'infra/a.yml': template };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return Infra.load(root, account);
}

const things = `Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub '\${self:service}-logs-\${AWS::AccountId}'
  Queue:
    Type: AWS::SQS::Queue
    Properties: { QueueName: signals }
`;

describe('Infra', () => {
  it('chooses by conditions, and leaves out what is not chosen', async () => {
    const conditions = `Conditions:
  Kept: !Equals ['\${param:keep}', 1]
  Gone: !Not [!Equals ['\${param:keep}', 1]]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !If [Kept, short, !Ref Nothing]
      DelaySeconds: !If [Gone, 5, !Ref AWS::NoValue]
  Bucket:
    Type: AWS::S3::Bucket
`;
    expect((await load(conditions)).resource('Queue').properties).toEqual({ QueueName: 'short' });
    const unknown = conditions.replace('!If [Gone', '!If [Other');
    await expect(load(unknown).then((infra) => infra.resource('Queue'))).rejects.toThrow('no condition is named Other');
  });

  it('resolves short and long intrinsics, variables and pseudo parameters', async () => {
    const infra = await load(`${things}  Thing:
    Type: AWS::X::Thing
    Properties:
      Ref: !Ref Bucket
      Name: \${param:stream}-\${sls:stage}
      Keep: \${param:keep}
      Short: !GetAtt Bucket.Arn
      Long: { 'Fn::GetAtt': [Queue, Arn] }
      Function: !GetAtt TransformLambdaFunction.Arn
      Sub: !Sub 'arn:\${AWS::Partition}:s3:::\${Bucket}/\${Queue.QueueName}/\${!Kept}'
      SubWith: !Sub ['\${x}/\${AWS::Region}', { x: !Ref Queue }]
      Join: !Join ['-', [a, !Ref 'AWS::Region']]
      Gone: !Ref AWS::NoValue
      Prefix: logs/!{timestamp:yyyy}/
      List: [1, true, !Ref Bucket]
`);
    expect(infra.resource('Thing').properties).toEqual({
      Ref: 'shop-logs-000000000000',
      Name: 'logs-local',
      Keep: '1',
      Short: 'arn:aws:s3:::shop-logs-000000000000',
      Long: 'arn:aws:sqs:eu-west-1:000000000000:signals',
      Function: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-local-transform',
      Sub: `arn:aws:s3:::shop-logs-000000000000/signals/\${Kept}`,
      SubWith: 'http://127.0.0.1:1/000000000000/signals/eu-west-1',
      Join: 'a-eu-west-1',
      Prefix: 'logs/!{timestamp:yyyy}/',
      List: [1, true, 'shop-logs-000000000000'],
    });
  });

  it("lays a function's settings over the provider's", async () => {
    const { settings } = (await load(things)).functionSettings('transform');
    expect(settings).toMatchObject({
      timeout: 120,
      environment: {
        SHARED: 'shop-local',
        BUCKET: 'shop-logs-000000000000',
        QUEUE: 'http://127.0.0.1:1/000000000000/signals',
      },
    });
  });

  it.each([
    ['!Ref Nothing', 'infra/a.yml:4: nothing is named Nothing'],
    ['!GetAtt Thing.Nope', 'infra/a.yml:4: Thing has no attribute Nope'],
    [
      `"\${param:other}"`,
      'infra/a.yml:4: the variable param:other is not known on a laptop; known: self:service, sls:stage, param:stream',
    ],
    [`"\${env:HOME}"`, 'infra/a.yml:4: the variable env:HOME is not known'],
    ['!ImportValue x', 'infra/a.yml:4: Fn::ImportValue is not supported'],
    [`!Sub 'x \${Nothing}'`, 'infra/a.yml:4: nothing is named Nothing'],
  ])('names file and line of %s', async (value, message) => {
    const infra = await load(`Resources:\n  Thing:\n    Type: AWS::X::Thing\n    Properties: { A: ${value} }\n`);
    expect(() => infra.resource('Thing')).toThrow(message);
  });

  it('refuses a logical id that is declared twice, and YAML that is none', async () => {
    await expect(load(`${things}  Bucket:\n    Type: AWS::S3::Bucket\n`)).rejects.toThrow(/a\.yml:\d+:/);
    await expect(load('Resources: [')).rejects.toThrow('infra/a.yml:1: not valid YAML');
  });
});
