import type { Row } from '../../query/answer.js';

/** A deployed stage, as far as it can be asked. What a method rejects with is what the service said, by its name. */
export interface DeployedStage {
  /** Where it is looked for. Rejects when no region is set. */
  region(): Promise<string>;
  /** Undefined when there is none. Takes cloudformation:DescribeStacks. */
  stack(name: string): Promise<DeployedStack | undefined>;
  /** What its deployment was told, as texts; undefined of a version that did not write it down. Takes cloudformation:GetTemplate. */
  parameters(stack: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Undefined when there is none. Takes firehose:DescribeDeliveryStream. */
  stream(name: string): Promise<DeployedStream | undefined>;
  /** Undefined when there is none. Takes lambda:GetFunctionConfiguration. */
  function(name: string): Promise<DeployedFunction | undefined>;
  /** Undefined when there is none. Takes iam:GetRole. */
  role(arn: string): Promise<DeployedRole | undefined>;
  /** Undefined when there is none. Takes iam:GetPolicy. */
  policy(arn: string): Promise<DeployedPolicy | undefined>;
  /** The types of those that are there, such as `SecureString`, by name; nothing is decrypted. Takes ssm:GetParameters. */
  parameterTypes(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The values of those that are there, decrypted, by name. Takes ssm:GetParameters and kms:Decrypt. */
  secretValues(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Messages that wait, which SQS counts approximately; undefined when there is no such queue. Takes sqs:GetQueueAttributes. */
  waiting(queueUrl: string): Promise<number | undefined>;
  /** Such as `ACTIVE`; undefined when there is no such table. Takes dynamodb:DescribeTable. */
  tableStatus(name: string): Promise<string | undefined>;
  /** Names of the alarms that ring. Takes cloudwatch:DescribeAlarms. */
  ringing(prefix: string): Promise<readonly string[]>;
  /** Takes firehose:PutRecord. */
  put(stream: string, data: Uint8Array): Promise<void>;
  /** Keys below a prefix, with sizes in bytes and times of writing in ms. Takes s3:ListBucket. */
  objects(bucket: string, prefix: string): Promise<readonly StoredObject[]>;
  /** Undefined when there is none. Takes s3:GetObject, and s3:ListBucket to tell that there is none. */
  object(bucket: string, key: string): Promise<Uint8Array | undefined>;
  /** A function's answer to an event, or its error as Lambda tells it: JSON. Takes lambda:InvokeFunction. */
  invoke(name: string, event: string): Promise<{ readonly payload: string; readonly failed: boolean }>;
  /** All rows of a short answer. Takes what Athena takes. */
  ask(sql: string, signal: AbortSignal): Promise<readonly Row[]>;
}

export interface DeployedStack {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly reason?: string | undefined;
  /** Of the last deployment; ms since the epoch. */
  readonly deployedAt: number;
  /** Whether CloudFormation refuses to delete it. */
  readonly isProtected: boolean;
  /** What infra/resources/outputs.yml tells, by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface DeployedStream {
  /** Such as `ACTIVE`. */
  readonly status: string;
  /** How long it and its transformation collect lines, together; ms. */
  readonly buffering: number;
  /** ARN of the role that it writes with. */
  readonly role?: string | undefined;
}

export interface DeployedFunction {
  /** `Active`, unless it is being made or fell asleep. */
  readonly state: string;
  /** Of its code and configuration: `Successful`, `Failed` or `InProgress`. */
  readonly update: string;
  readonly reason?: string | undefined;
  /** Such as `nodejs24.x`; undefined of an image. */
  readonly runtime?: string | undefined;
  /** ARN of the role that it runs with. */
  readonly role?: string | undefined;
}

export interface DeployedRole {
  /** Services that may assume it, such as `lambda.amazonaws.com`. */
  readonly trusts: readonly string[];
  /** ARN of the policy that bounds it. */
  readonly boundary?: string | undefined;
}

export interface DeployedPolicy {
  /** To how many users, groups and roles it is attached. */
  readonly attachments: number;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly writtenAt: number;
}
