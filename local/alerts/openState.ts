import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { dynamoStateStore } from '../../functions/adapters/dynamoStateStore.js';
import type { StateStore } from '../../shared/alerts/ports.js';
import { dataOption, endpointOption, whereUpIs } from '../commands/options.js';
import { Infra } from '../infra/infra.js';
import { projectRoot } from '../infra/project.js';
import { isSignInError, isUnanswered } from '../ship/refusals.js';

/** Whose alert state a command is about: that of a running `firesplit up`, or of a deployed stage. */
export interface StateOptions {
  readonly endpoint?: string;
  readonly data: string;
  readonly aws?: boolean;
  readonly stage: string;
}

/** The same, once it is known where `up` is. */
type ReachedState = StateOptions & { readonly endpoint: string };

/** Adds the flags of {@link StateOptions} to a command. */
export function stateOptions(command: Command): Command {
  return command
    .addOption(endpointOption('address of `firesplit up`'))
    .addOption(dataOption())
    .option('--aws', 'look at a deployed stage instead, with your AWS credentials')
    .option('--stage <name>', 'the deployed stage', 'prod');
}

/**
 * Gives the state of alerts and silences to `use`.
 *
 * @throws Error that says what to do when nothing answers, or the table isn't there, or the credentials don't do.
 */
export async function withState<T>(given: StateOptions, use: (store: StateStore) => Promise<T>): Promise<T> {
  const options = { ...given, endpoint: (await whereUpIs(given.endpoint, given.data)).endpoint };
  const table = await tableOf(options);
  const client = new DynamoDBClient(options.aws ? {} : localAccess(options.endpoint));
  try {
    return await use(dynamoStateStore(client, table));
  } catch (error) {
    throw explained(error, options, table);
  } finally {
    client.destroy();
  }
}

/** The name that infra/resources/alerts.yml gives the table. */
async function tableOf({ aws, stage }: StateOptions): Promise<string> {
  // No name in that file depends on region or account.
  const account = { region: 'us-east-1', id: '000000000000', stage: aws ? stage : 'local', queueUrl: () => '' };
  return (await Infra.load(projectRoot(), account)).ref('AlertsTable');
}

function localAccess(endpoint: string) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION } = process.env;
  return {
    endpoint,
    region: AWS_REGION ?? 'us-east-1',
    maxAttempts: 1,
    // `up --credentials` asks for its own key; without that flag any will do.
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey }
        : { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

function explained(error: unknown, { endpoint, aws, stage }: ReachedState, table: string): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  const because = { cause: error };
  if (!aws && isUnanswered(error)) {
    return new Error(
      `Nothing answers at ${endpoint}: start "firesplit up", give its address with --endpoint, or look at a deployed stage with --aws.`,
      because,
    );
  }
  if (message === 'Region is missing') {
    return new Error(`No region is set: set AWS_REGION to that of stage ${stage}, or AWS_PROFILE.`, because);
  }
  if (name === 'ResourceNotFoundException' || name === 'UnknownOperationException') {
    const remedy = aws
      ? `deploy stage ${stage} first, name another with --stage, or set AWS_REGION to its region`
      : 'is that the port of a current "firesplit up"?';
    return new Error(`There is no table ${table} ${aws ? 'in this region' : `at ${endpoint}`}: ${remedy}`, because);
  }
  if (isSignInError(error)) {
    const remedy = aws
      ? 'Set AWS_PROFILE, or sign in again (`aws sso login`); `aws sts get-caller-identity` tells who you are.'
      : 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to what "firesplit up" was given with --credentials.';
    return new Error(`The request for table ${table} was refused: ${message} ${remedy}`, because);
  }
  if (name === 'AccessDeniedException') {
    return new Error(
      `You may not use table ${table}: ${message} It takes dynamodb:GetItem, PutItem, DeleteItem, Scan, and Query on its index.`,
      because,
    );
  }
  return error;
}
