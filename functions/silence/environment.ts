import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LinkPorts } from '../../shared/alerts/links/ports.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { alertStates } from '../adapters/alertStates.js';
import { deployedConfig } from '../adapters/deployedConfig.js';
import { deployedRules } from '../adapters/deployedRules.js';
import { required } from '../adapters/environment.js';
import { linkKeys } from '../adapters/linkKeys.js';
import { ssmParameters } from '../adapters/parameters.js';
import { reportKeys } from './report.js';

/** What functions/silence finds in its environment: `ALERTS_TABLE`, and what `linkKeys` reads. */
export const ports: LinkPorts = {
  store: alertStates(new DynamoDBClient({}), required('ALERTS_TABLE')),
  book: ruleBook(deployedRules(), deployedConfig().alerts),
  now: Date.now,
  newForm: () => randomBytes(12).toString('base64url'),
};

export const keys = linkKeys(process.env, ssmParameters(), reportKeys);
