import { expect, it } from '@jest/globals';
import { roleOf, streamOf } from '../../../../local/doctor/deployed/described.js';

const role = (Statement: unknown) => ({
  ...{ Path: '/', RoleName: 'a', RoleId: 'b', Arn: 'c', CreateDate: new Date() },
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify({ Statement })),
});
const Action = 'sts:AssumeRole';

it('says which services may assume a role', () => {
  const [one, two] = ['lambda.amazonaws.com', 'firehose.amazonaws.com'];
  expect(roleOf(role({ Effect: 'Allow', Action, Principal: { Service: one } })).trusts).toEqual([one]);
  const several = [
    { Effect: 'Allow', Action, Principal: { Service: [one, two] } },
    { Effect: 'Allow', Action, Principal: { AWS: '123456789012' } },
    { Effect: 'Deny', Action, Principal: { Service: 'ec2.amazonaws.com' } },
    { Effect: 'Allow', Action, Principal: '*' },
  ];
  expect(roleOf(role(several)).trusts).toEqual([one, two]);
  expect(roleOf({ ...role([]), PermissionsBoundary: { PermissionsBoundaryArn: 'arn' } }).boundary).toBe('arn');
});

it('adds up how long a stream and its transformation collect', () => {
  const Parameters = [{ ParameterName: 'BufferIntervalInSeconds' as const, ParameterValue: '20' }];
  const ExtendedS3DestinationDescription = {
    ...{ BucketARN: 'bucket', RoleARN: 'role', CompressionFormat: 'UNCOMPRESSED' as const },
    ...{ EncryptionConfiguration: {}, BufferingHints: { IntervalInSeconds: 60 } },
    ProcessingConfiguration: { Processors: [{ Type: 'Lambda' as const, Parameters }] },
  };
  const described = {
    ...{ DeliveryStreamName: 'logs', DeliveryStreamARN: 'arn', DeliveryStreamStatus: 'ACTIVE' as const },
    ...{ DeliveryStreamType: 'DirectPut' as const, VersionId: '1', HasMoreDestinations: false },
    Destinations: [{ DestinationId: '1', ExtendedS3DestinationDescription }],
  };
  expect(streamOf(described)).toEqual({ status: 'ACTIVE', buffering: 80_000, role: 'role' });
});
