import type { Account } from './account.js';

/** What Ref and GetAtt give for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: { readonly [attribute: string]: string };
}

interface Declaration {
  readonly account: Account;
  /** The name CloudFormation would make up, here without the random part. */
  readonly generatedName: string;
  property(name: string): string | undefined;
}

/**
 * Ref and GetAtt by resource type, as the CloudFormation reference lists them under "Return values".
 * Types that the local stack never meets still have a Ref, so that a template may mention them.
 */
export function identityOf(type: string, { account, generatedName, property }: Declaration): Identity {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${account.region}:${account.id}:${resource}`;
  switch (type) {
    case 'AWS::S3::Bucket': {
      const name = property('BucketName') ?? generatedName.toLowerCase();
      return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
    }
    case 'AWS::KinesisFirehose::DeliveryStream': {
      const name = property('DeliveryStreamName') ?? generatedName;
      return { ref: name, attributes: { Arn: arn('firehose', `deliverystream/${name}`) } };
    }
    case 'AWS::SQS::Queue': {
      const name = property('QueueName') ?? generatedName;
      const url = account.queueUrl(name);
      return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
    }
    case 'AWS::DynamoDB::Table': {
      const name = property('TableName') ?? generatedName;
      return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
    }
    case 'AWS::IAM::Role': {
      const name = property('RoleName') ?? generatedName;
      return { ref: name, attributes: { Arn: `arn:aws:iam::${account.id}:role/${name}` } };
    }
    case 'AWS::Athena::WorkGroup':
      return { ref: property('Name') ?? generatedName, attributes: {} };
    case 'AWS::Lambda::Function': {
      const name = property('FunctionName') ?? generatedName;
      return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    }
    case 'AWS::Logs::LogGroup': {
      const name = property('LogGroupName') ?? generatedName;
      return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
    }
    case 'AWS::Logs::LogStream':
      return { ref: property('LogStreamName') ?? generatedName, attributes: {} };
    default:
      return { ref: generatedName, attributes: {} };
  }
}
