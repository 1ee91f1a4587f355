import { partitionOf, type RouterOptions, routerBucket } from './routerOptions.js';
import { confKey } from './shippedRouter.js';

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string;
  readonly Resource: string;
}

/**
 * What the task role must allow: to put records on the one stream, or to take on the role that may, and for the init image to read
 * its configuration.
 */
export function taskPolicy(options: RouterOptions): PolicyDocument {
  const { region, account, stream, senderRole } = options;
  const partition = partitionOf(region);
  const send: Statement =
    senderRole === undefined
      ? {
          Sid: 'SendLogs',
          Effect: 'Allow',
          Action: 'firehose:PutRecordBatch',
          Resource: `arn:${partition}:firehose:${region}:${account}:deliverystream/${stream}`,
        }
      : { Sid: 'TakeOnSender', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: senderRole };
  if (options.image !== 'init') return { Version: '2012-10-17', Statement: [send] };
  const bucket = `arn:${partition}:s3:::${routerBucket(options)}`;
  return {
    Version: '2012-10-17',
    Statement: [
      send,
      {
        Sid: 'ReadRouterConfiguration',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: `${bucket}/${confKey}`,
      },
      // The init process asks for it before it downloads anything.
      { Sid: 'FindRouterConfiguration', Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: bucket },
    ],
  };
}
