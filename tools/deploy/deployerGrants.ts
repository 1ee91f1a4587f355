/** What of a deployment has a name that a policy can be written for. */
export interface DeployerScope {
  readonly partition: string;
  readonly region: string;
  /** Of the stack: `firesplit-prod`, with which CloudFormation and infra/ begin the names of all that is not named below. */
  readonly stack: string;
  readonly stream: string;
  /** Of the logs; an asterisk may stand for the account. */
  readonly bucket: string;
  readonly database: string;
  readonly rolePath: string;
  readonly kmsKey?: string;
  readonly permissionsBoundary?: string;
  readonly insightsLayer?: string;
  readonly isInVpc: boolean;
}

export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * What CloudFormation does to the resources of a type, with the rights of whoever deploys: the permissions that the handlers of the
 * type's schema name, without those of features that infra/ has no use for (test/deploy/unneeded.ts has the reason of each). The
 * policies and who may be the subject of which: https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export function grantsByType(scope: DeployerScope): Readonly<Record<string, readonly Grant[]>> {
  const arn = arnsIn(scope);
  const { stack, stream, bucket, database, rolePath, permissionsBoundary } = scope;
  const functions = arn('lambda', `function:${stack}-*`);
  const topics = arn('sns', `${stack}-*`);
  const queues = arn('sqs', `${stack}-*`);
  const alarms = arn('cloudwatch', `alarm:${stack}-*`);
  const roles = arn('iam', `role${rolePath}${stack}-*`, '');
  const buckets = [arn.s3(bucket), arn.s3(packages(stack))];
  const workgroup = arn('athena', `workgroup/${stack}`);
  const tables = [arn('glue', 'catalog'), arn('glue', `database/${database}`), arn('glue', `table/${database}/*`)];
  const groups = [`/aws/lambda/${stack}-*`, `/aws/kinesisfirehose/${stream}`].flatMap((name) => [
    arn('logs', `log-group:${name}`),
    arn('logs', `log-group:${name}:*`),
  ]);
  const passes: Grant = {
    actions: ['iam:PassRole'],
    resources: [roles],
    condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'firehose.amazonaws.com'] } },
  };
  // A role without the boundary would have more rights than the account gives whoever made it.
  const bounded = permissionsBoundary
    ? { condition: { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundary } } }
    : {};
  const rolePolicies: Grant = { actions: ['iam:PutRolePolicy'], resources: [roles], ...bounded };

  return {
    'AWS::Athena::NamedQuery': [
      {
        actions: ['athena:CreateNamedQuery', 'athena:DeleteNamedQuery', 'athena:GetNamedQuery'],
        resources: [workgroup],
      },
    ],
    'AWS::Athena::WorkGroup': [
      {
        actions: [
          ...['CreateWorkGroup', 'DeleteWorkGroup', 'GetWorkGroup', 'UpdateWorkGroup'].map((name) => `athena:${name}`),
          ...['athena:ListTagsForResource', 'athena:TagResource', 'athena:UntagResource'],
        ],
        resources: [workgroup],
      },
    ],
    'AWS::Budgets::Budget': [
      {
        actions: ['ModifyBudget', 'ViewBudget', 'ListTagsForResource', 'TagResource', 'UntagResource'].map(
          (name) => `budgets:${name}`,
        ),
        resources: [arn('budgets', `budget/${stack}-*`, '')],
      },
    ],
    'AWS::CloudWatch::Alarm': [
      {
        actions: ['DeleteAlarms', 'PutMetricAlarm', 'ListTagsForResource', 'TagResource', 'UntagResource'].map(
          (name) => `cloudwatch:${name}`,
        ),
        resources: [alarms],
      },
      { actions: ['cloudwatch:DescribeAlarms'], resources: [arn('cloudwatch', 'alarm:*')] },
    ],
    'AWS::CloudWatch::Dashboard': [
      {
        actions: [
          ...['DeleteDashboards', 'GetDashboard', 'PutDashboard'],
          ...['ListTagsForResource', 'TagResource', 'UntagResource'],
        ].map((name) => `cloudwatch:${name}`),
        resources: [arn('cloudwatch', `dashboard/${stack}`, '')],
      },
    ],
    'AWS::DynamoDB::Table': [
      {
        actions: [
          ...['CreateTable', 'DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups'],
          ...['DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups', 'DescribeContributorInsights'],
          ...['DescribeKinesisStreamingDestination', 'GetResourcePolicy'],
          ...['ListTagsOfResource', 'TagResource', 'UntagResource'],
        ].map((name) => `dynamodb:${name}`),
        resources: [arn('dynamodb', `table/${stack}-*`)],
      },
    ],
    'AWS::Events::Rule': [
      {
        actions: [
          ...['PutRule', 'DeleteRule', 'DescribeRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule'],
          ...['ListTagsForResource', 'TagResource', 'UntagResource'],
        ].map((name) => `events:${name}`),
        resources: [arn('events', `rule/${stack}-*`)],
      },
    ],
    'AWS::Glue::Database': [
      { actions: ['Create', 'Delete', 'Get', 'Update'].map((verb) => `glue:${verb}Database`), resources: tables },
    ],
    'AWS::Glue::Table': [
      { actions: ['Create', 'Delete', 'Get', 'Update'].map((verb) => `glue:${verb}Table`), resources: tables },
    ],
    'AWS::IAM::ManagedPolicy': [
      {
        actions: [
          ...['CreatePolicy', 'DeletePolicy', 'GetPolicy', 'ListEntitiesForPolicy', 'ListPolicyVersions'],
          ...['CreatePolicyVersion', 'DeletePolicyVersion', 'GetPolicyVersion'],
        ].map((name) => `iam:${name}`),
        resources: [arn('iam', `policy${rolePath}${stack}-*`, '')],
      },
    ],
    'AWS::IAM::Policy': [rolePolicies, { actions: ['iam:DeleteRolePolicy', 'iam:GetRolePolicy'], resources: [roles] }],
    'AWS::IAM::Role': [
      {
        actions: [
          ...['DeleteRole', 'GetRole', 'UpdateRole', 'UpdateRoleDescription', 'UpdateAssumeRolePolicy'],
          ...['DeleteRolePolicy', 'GetRolePolicy', 'ListRolePolicies', 'ListAttachedRolePolicies'],
          ...['DetachRolePolicy', 'TagRole', 'UntagRole'],
        ].map((name) => `iam:${name}`),
        resources: [roles],
      },
      rolePolicies,
      {
        actions: ['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePermissionsBoundary'],
        resources: [roles],
        ...bounded,
      },
    ],
    'AWS::KinesisFirehose::DeliveryStream': [
      {
        actions: [
          ...['CreateDeliveryStream', 'DeleteDeliveryStream', 'DescribeDeliveryStream', 'UpdateDestination'],
          ...['StartDeliveryStreamEncryption', 'StopDeliveryStreamEncryption'],
          ...['ListTagsForDeliveryStream', 'TagDeliveryStream', 'UntagDeliveryStream'],
        ].map((name) => `firehose:${name}`),
        resources: [arn('firehose', `deliverystream/${stream}`)],
      },
      passes,
    ],
    'AWS::Lambda::EventInvokeConfig': [
      { actions: ['lambda:*FunctionEventInvokeConfig'], resources: [functions, `${functions}:*`] },
    ],
    'AWS::Lambda::EventSourceMapping': [
      {
        actions: ['Create', 'Delete', 'Get', 'Update'].map((verb) => `lambda:${verb}EventSourceMapping`),
        resources: ['*'],
        condition: { ArnLike: { 'lambda:FunctionArn': functions } },
      },
      {
        actions: ['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
        resources: [arn('lambda', 'event-source-mapping:*')],
      },
    ],
    'AWS::Lambda::Function': [
      {
        actions: [
          ...['CreateFunction', 'DeleteFunction', 'GetFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration'],
          ...['GetFunctionConfiguration', 'GetFunctionCodeSigningConfig', 'GetFunctionRecursionConfig'],
          ...['GetFunctionScalingConfig', 'GetRuntimeManagementConfig', 'PutFunctionConcurrency'],
          ...['DeleteFunctionConcurrency', 'ListTags', 'TagResource', 'UntagResource'],
        ].map((name) => `lambda:${name}`),
        resources: [functions],
      },
      passes,
    ],
    'AWS::Lambda::Permission': [
      { actions: ['lambda:AddPermission', 'lambda:GetPolicy', 'lambda:RemovePermission'], resources: [functions] },
    ],
    'AWS::Lambda::Url': [{ actions: ['lambda:*FunctionUrlConfig'], resources: [functions] }],
    'AWS::Logs::LogGroup': [
      {
        actions: [
          ...['CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
          ...['AssociateKmsKey', 'DisassociateKmsKey', 'GetDataProtectionPolicy'],
          ...['ListTagsForResource', 'TagResource', 'UntagResource'],
        ].map((name) => `logs:${name}`),
        resources: groups,
      },
      {
        actions: ['logs:DescribeIndexPolicies', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'],
        resources: ['*'],
      },
    ],
    'AWS::Logs::LogStream': [
      {
        actions: ['CreateLogStream', 'DeleteLogStream', 'DescribeLogStreams'].map((name) => `logs:${name}`),
        resources: groups,
      },
    ],
    'AWS::S3::Bucket': [
      {
        actions: [
          ...['CreateBucket', 'DeleteBucket', 'ListBucket', 'GetBucket*', 'Get*Configuration', 'PutBucket*'],
          ...['PutEncryptionConfiguration', 'PutLifecycleConfiguration'],
          ...['ListTagsForResource', 'TagResource', 'UntagResource'],
        ].map((name) => `s3:${name}`),
        resources: buckets,
      },
    ],
    'AWS::S3::BucketPolicy': [
      { actions: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'], resources: buckets },
    ],
    'AWS::SNS::Subscription': [
      { actions: ['sns:Subscribe'], resources: [topics] },
      // Which can't be given for one topic.
      {
        actions: ['sns:GetSubscriptionAttributes', 'sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
        resources: ['*'],
      },
    ],
    'AWS::SNS::Topic': [
      {
        actions: [
          ...['CreateTopic', 'DeleteTopic', 'GetTopicAttributes', 'SetTopicAttributes', 'ListSubscriptionsByTopic'],
          ...['GetDataProtectionPolicy', 'ListTagsForResource', 'TagResource', 'UntagResource'],
        ].map((name) => `sns:${name}`),
        resources: [topics],
      },
    ],
    'AWS::SNS::TopicPolicy': [{ actions: ['sns:SetTopicAttributes'], resources: [topics] }],
    'AWS::SQS::Queue': [
      {
        actions: [
          ...['CreateQueue', 'DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl', 'SetQueueAttributes'],
          ...['ListQueueTags', 'TagQueue', 'UntagQueue'],
        ].map((name) => `sqs:${name}`),
        resources: [queues],
      },
    ],
    'AWS::SQS::QueuePolicy': [{ actions: ['sqs:SetQueueAttributes'], resources: [queues] }],
    // CloudFormation invokes the functions that answer for these.
    'Custom::BucketNotifications': [
      { actions: ['lambda:InvokeFunction'], resources: [arn('lambda', `function:${stack}-forward`)] },
    ],
    'Custom::Views': [{ actions: ['lambda:InvokeFunction'], resources: [arn('lambda', `function:${stack}-compact`)] }],
  } satisfies Record<string, Grant[]>;
}

/** What `serverless deploy` and `remove`, and the plugins of serverless.yml, ask for themselves. */
export function frameworkGrants(scope: DeployerScope): readonly Grant[] {
  const arn = arnsIn(scope);
  const { stack, bucket, kmsKey, insightsLayer, isInVpc } = scope;
  return [
    {
      actions: [
        ...['CreateStack', 'UpdateStack', 'DeleteStack', 'CreateChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet'],
        ...['DescribeChangeSet', 'DescribeStacks', 'DescribeStackEvents', 'DescribeStackResource'],
        ...['DescribeStackResources', 'GetTemplate', 'GetStackPolicy', 'SetStackPolicy', 'ListStackResources'],
        ...['UpdateTerminationProtection', 'TagResource', 'UntagResource'],
      ].map((name) => `cloudformation:${name}`),
      resources: [arn('cloudformation', `stack/${stack}/*`)],
    },
    // Neither is of anything that there is.
    { actions: ['cloudformation:ValidateTemplate', 'schemas:GetDiscoveredSchema'], resources: ['*'] },
    { actions: ['s3:ListBucketVersions'], resources: [arn.s3(packages(stack))] },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [arn.s3(`${packages(stack)}/*`)],
    },
    { actions: ['s3:PutObject'], resources: [arn.s3(`${bucket}/router/*`)] },
    {
      actions: [
        ...['CreateRegistry', 'DescribeRegistry', 'CreateSchema', 'DeleteSchema', 'DescribeSchema', 'UpdateSchema'],
        ...['DeleteSchemaVersion', 'ListSchemaVersions'],
      ].map((name) => `schemas:${name}`),
      resources: [
        arn('schemas', 'registry/lambda-testevent-schemas'),
        arn('schemas', `schema/lambda-testevent-schemas/_${stack}-*`),
      ],
    },
    ...(kmsKey
      ? [
          {
            actions: ['CreateGrant', 'DescribeKey', 'Encrypt', 'Decrypt', 'GenerateDataKey'].map(
              (name) => `kms:${name}`,
            ),
            resources: [kmsKey],
          },
        ]
      : []),
    ...(insightsLayer ? [{ actions: ['lambda:GetLayerVersion'], resources: [insightsLayer] }] : []),
    ...(isInVpc
      ? [
          {
            actions: ['SecurityGroups', 'Subnets', 'Vpcs', 'NetworkInterfaces'].map((name) => `ec2:Describe${name}`),
            resources: ['*'],
          },
        ]
      : []),
  ];
}

/** The framework's bucket of packages. CloudFormation names it, and cuts what is too long for a bucket. */
function packages(stack: string): string {
  return `${stack}-serverless*`;
}

function arnsIn({ partition, region }: DeployerScope) {
  const arn = (service: string, resource: string, inRegion = region) =>
    `arn:${partition}:${service}:${inRegion}:*:${resource}`;
  return Object.assign(arn, { s3: (resource: string) => `arn:${partition}:s3:::${resource}` });
}
