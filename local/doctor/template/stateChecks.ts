import { dynamodb } from '../../../shared/limits.js';
import type { Finding } from '../finding.js';
import { type Checks, fail, listOf, mapOf, ofType, type Resource, type Subject } from './subject.js';
import { textOf } from './template.js';

const docs = 'https://docs.aws.amazon.com/amazondynamodb/latest';
const creating = `${docs}/APIReference/API_CreateTable.html`;

/** The table of alerts: its keys, its indexes and what makes items expire. */
export const stateChecks: Checks = (subject) =>
  ofType(subject, 'AWS::DynamoDB::Table').flatMap((table) => [
    ...ofKeys(subject, table),
    ...ofCapacity(subject, table),
    ...ofExpiry(subject, table),
  ]);

interface KeyElement {
  readonly way: string;
  readonly name: string;
  readonly type: string;
}

function ofKeys(subject: Subject, { id, properties }: Resource): Finding[] {
  const told = (way: string, problem: string, remedy: string) =>
    fail(subject, id, way, { problem, remedy, source: creating });
  const indexes = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].flatMap((list) =>
    listOf(properties[list]).map((index, at) => ({ way: `${list}[${at}].KeySchema`, keys: mapOf(index).KeySchema })),
  );
  const schemas = [{ way: 'KeySchema', keys: properties.KeySchema }, ...indexes].map(({ way, keys }) => ({
    way,
    elements: listOf(keys)
      .map(mapOf)
      .map(({ AttributeName, KeyType }): KeyElement => ({ way, name: textOf(AttributeName), type: textOf(KeyType) })),
  }));
  const used = schemas.flatMap(({ elements }) => elements);
  const defined = listOf(properties.AttributeDefinitions).map((each) => textOf(mapOf(each).AttributeName));
  const global = listOf(properties.GlobalSecondaryIndexes).length;
  return [
    ...schemas
      .filter(
        ({ elements }) =>
          elements[0]?.type !== 'HASH' || elements.length > 2 || (elements[1] && elements[1].type !== 'RANGE'),
      )
      .map(({ way }) =>
        told(way, 'a key is one HASH attribute, and at most one RANGE attribute after it', 'write them so'),
      ),
    ...used
      .filter(({ name }) => !defined.includes(name))
      .map(({ way, name }) =>
        told(
          way,
          `the key ${name} is not among the AttributeDefinitions`,
          `add { AttributeName: ${name}, AttributeType: S }`,
        ),
      ),
    ...defined
      .filter((name) => !used.some((key) => key.name === name))
      .map((name) =>
        told(
          'AttributeDefinitions',
          `${name} is in no key, and DynamoDB refuses attributes that are not`,
          'take it out',
        ),
      ),
    ...(global > dynamodb.maxGlobalIndexes
      ? [
          told(
            'GlobalSecondaryIndexes',
            `${global} of them, and a table has at most ${dynamodb.maxGlobalIndexes}`,
            'take some out',
          ),
        ]
      : []),
  ];
}

function ofCapacity(subject: Subject, { id, properties }: Resource): Finding[] {
  const isOnDemand = properties.BillingMode === 'PAY_PER_REQUEST';
  const hasCapacity = properties.ProvisionedThroughput !== undefined;
  if (isOnDemand !== hasCapacity) return [];
  return [
    fail(subject, id, isOnDemand ? 'ProvisionedThroughput' : 'BillingMode', {
      problem: isOnDemand
        ? 'a table that is paid by request has none'
        : 'the table has neither a capacity nor is it paid by request',
      remedy: isOnDemand ? 'take it out' : 'write BillingMode: PAY_PER_REQUEST',
      source: creating,
    }),
  ];
}

function ofExpiry(subject: Subject, { id, properties }: Resource): Finding[] {
  const { TimeToLiveSpecification: specification } = properties;
  if (specification === undefined) return [];
  const { AttributeName, Enabled } = mapOf(specification);
  const told = (problem: string, remedy: string) => [
    fail(subject, id, 'TimeToLiveSpecification.AttributeName', {
      problem,
      remedy,
      source: `${docs}/developerguide/TTL.html`,
    }),
  ];
  if (textOf(Enabled) === 'true' && !AttributeName) return told('it is missing', 'name the attribute: expires');
  const definition = listOf(properties.AttributeDefinitions)
    .map(mapOf)
    .find((each) => each.AttributeName === AttributeName);
  if (definition === undefined || definition.AttributeType === 'N') return [];
  return told(
    `${textOf(AttributeName)} is no number, and nothing ever expires`,
    'write AttributeType: N, seconds since the epoch',
  );
}
