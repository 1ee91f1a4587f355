/**
 * What handlers of CloudFormation may call and deployers of this template are not given, each with its reason: patterns of resource
 * types and of actions.
 */
export const unneeded: readonly (readonly [type: RegExp, action: RegExp, reason: string])[] = [
  [/./, /^(kms|ec2):/, 'given with the parameters kmsKey and subnets'],
  [/./, /^iam:CreateServiceLinkedRole$/, 'of Spark workgroups, and of replicas of tables'],
  [/SNS|Firehose/, /^iam:GetRole$/, 'of roles that are no part of the template'],
  [/Glue|Athena|SNS|S3|Events/, /^iam:PassRole$/, 'nothing of the type has a role in the template'],
  [/S3/, /^s3tables:/, 'the bucket keeps no tables of its metadata'],
  [
    /Lambda|Dynamo/,
    /^(elasticfilesystem|s3files|kinesis):/,
    'the template has no file systems and no streams of Kinesis',
  ],
  [/Budget/, /^billing:/, 'the budget is of the account, not of a billing view'],
  [/Glue/, /^(lakeformation|s3):/, 'tables are not governed by Lake Formation, and have no schema in a registry'],
  [/Glue/, /^glue:(\w+Connection|GetSchemaVersion)$/, 'the database is not federated, and has no registry'],
  [/Glue::Table/, /^glue:(Get|Update)Database$/, 'given with the database'],
  [/Athena/, /^s3:/, 'of notebooks; results are written by who queries'],
  [/DynamoDB/, /^(s3|logs):|Import|(En|Dis)ableKinesisStreaming|Replica$/, 'imports, streams and replicas'],
  [
    /DynamoDB/,
    /:(BatchWriteItem|(Delete|Get|Put|Update)Item|Query|Scan)$/,
    'of replicas; what is in the table is nothing to a deployment',
  ],
  [
    /DynamoDB/,
    /(Put|Delete)ResourcePolicy|Update(ContributorInsights|KinesisStreamingDestination)/,
    'the template sets none',
  ],
  [/IAM/, /(User|Group)Policy$/, 'policies are of roles alone'],
  [/IAM::ManagedPolicy/, /(Attach|Detach)RolePolicy/, 'people attach them to roles of their own'],
  [/IAM::Role/, /DeleteRolePermissionsBoundary/, 'a boundary stays'],
  [/Lambda::Function/, /^s3:/, 'packages are given with the framework'],
  [/Lambda::Function/, /^lambda:GetLayerVersion$/, 'given with the parameter insightsLayer'],
  [
    /Lambda::Function/,
    /:(Put|Delete)\w*(CodeSigning|Recursion|Scaling|Management)Config$|:GetCodeSigningConfig|CapacityProvider$/,
    'the template sets none',
  ],
  [/Lambda::Function/, /AssociateRuntimeAlias|PublishVersion/, 'functions have no versions'],
  [
    /Logs/,
    /^(firehose|s3):|LogDelivery|(Put|Delete)(DataProtection|Index|Resource)Policy|BearerToken|DeletionProtection/,
    'the template sets none',
  ],
  [
    /S3::Bucket$/,
    /^s3:(Create|Delete|Put|Get|Update)\w*(Accelerate|Analytics|Cors|CORS|Inventory|Metrics|Metadata|Replication|Website|Tiering|ObjectLock)/,
    'the template sets none',
  ],
  [
    /S3::Bucket$/,
    /^s3:(DeleteBucket(Encryption|Lifecycle)|DeleteObject|PutObjectAcl)$/,
    'the template keeps them, and objects stay',
  ],
  [/SNS::Topic$/, /PutDataProtectionPolicy/, 'the template sets none'],
  [/SNS::Topic$/, /:(Subscribe|Unsubscribe)$/, 'subscriptions are resources of their own'],
];
