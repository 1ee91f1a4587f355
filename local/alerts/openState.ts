import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { alertStates } from '../../functions/adapters/alertStates.js';
import type { StateStore } from '../../shared/alerts/ports.js';
import { whereUpIs } from '../commands/options.js';
import { accessTo, explainedAccess } from '../deployed/access.js';
import type { DeployedOptions } from '../deployed/deployedOptions.js';
import { Infra } from '../infra/infra.js';
import { projectRoot } from '../infra/project.js';

/**
 * Gives the state of alerts and silences to `use`.
 *
 * @throws Error that says what to do when nothing answers, or the table isn't there, or the credentials don't do.
 */
export async function withState<T>(given: DeployedOptions, use: (store: StateStore) => Promise<T>): Promise<T> {
  const options = { ...given, endpoint: (await whereUpIs(given.endpoint, given.data)).endpoint };
  const table = await tableOf(options);
  const client = new DynamoDBClient(accessTo(options));
  try {
    return await use(alertStates(client, table));
  } catch (error) {
    const permissions = 'dynamodb:GetItem, PutItem, DeleteItem, Scan, and Query on its index';
    throw explainedAccess(error, options, { what: `table ${table}`, permissions });
  } finally {
    client.destroy();
  }
}

/** The name that infra/resources/alerts.yml gives the table. */
async function tableOf({ aws, stage }: DeployedOptions): Promise<string> {
  // No name in that file depends on region or account.
  const account = { region: 'us-east-1', id: '000000000000', stage: aws ? stage : 'local', queueUrl: () => '' };
  return (await Infra.load(projectRoot(), account)).ref('AlertsTable');
}
