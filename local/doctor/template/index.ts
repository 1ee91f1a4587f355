import type { Examination } from '../finding.js';
import { alarmChecks } from './alarmChecks.js';
import { boundChecks } from './boundChecks.js';
import { bucketChecks } from './bucketChecks.js';
import { functionChecks } from './functionChecks.js';
import { queryChecks } from './queryChecks.js';
import { queueChecks } from './queueChecks.js';
import { referenceChecks } from './referenceChecks.js';
import { roleChecks } from './roleChecks.js';
import { stackChecks } from './stackChecks.js';
import { stateChecks } from './stateChecks.js';
import { streamChecks } from './streamChecks.js';
import type { Checks, Subject } from './subject.js';
import { tableChecks } from './tableChecks.js';

const groups: readonly { readonly name: string; readonly about: string; readonly checks: Checks }[] = [
  { name: 'stack', about: 'size and number of parts are what CloudFormation takes', checks: stackChecks },
  { name: 'references', about: 'nothing refers to what is not there', checks: referenceChecks },
  { name: 'properties', about: 'names and numbers are within bounds, and no name is there twice', checks: boundChecks },
  { name: 'stream', about: 'Firehose takes buffers, prefixes and processors', checks: streamChecks },
  { name: 'tables', about: 'Glue takes the tables, and their projection is whole', checks: tableChecks },
  { name: 'queries', about: 'workgroup and named queries of Athena are whole', checks: queryChecks },
  { name: 'functions', about: 'runtimes and environments are what Lambda takes', checks: functionChecks },
  { name: 'queues', about: 'messages stay hidden long enough, and dead letters have a place', checks: queueChecks },
  { name: 'state', about: 'keys, indexes and expiry of the table fit together', checks: stateChecks },
  { name: 'bucket', about: 'S3 takes name and lifecycle', checks: bucketChecks },
  { name: 'roles', about: 'IAM takes every policy', checks: roleChecks },
  { name: 'alarms', about: 'alarms, schedules and log groups are whole', checks: alarmChecks },
];

/** What AWS would refuse of a template, and what of it will hurt. Nothing of it is asked. */
export function examineTemplate(subject: Subject): Examination[] {
  return groups.map(({ name, about, checks }) => ({ name, about, findings: checks(subject) }));
}
