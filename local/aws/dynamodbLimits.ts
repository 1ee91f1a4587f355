import { createRequire } from 'node:module';
import { AwsError, serializationError } from './awsError.js';

/** The operations that dynalite has. */
const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

/**
 * Refuses what dynalite would pass over: operations that it hasn't, and parameters that it doesn't read.
 *
 * @throws AwsError
 */
export function refuseUnknown(target: string, body: Buffer): void {
  const operation = operations.find((each) => each === target.split('.')[1]);
  if (!operation) {
    throw new AwsError(
      'com.amazon.coral.service#UnknownOperationException',
      `The local DynamoDB has no ${target.split('.')[1]}. It has ${operations.join(', ')}.`,
    );
  }
  const input = parse(body);
  refuseUnknownIn(input, typesOf(operation), operation);
  refuseNested(input);
}

/**
 * dynalite takes exponential time for nested parentheses, and longer for some that are not closed.
 *
 * @throws AwsError
 */
function refuseNested(input: object): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== null && typeof value === 'object') refuseNested(value);
    if (typeof value !== 'string' || !name.endsWith('Expression')) continue;
    let depth = 0;
    let deepest = 0;
    for (const char of value) {
      if (char === '(') deepest = Math.max(deepest, ++depth);
      else if (char === ')') depth--;
      if (depth < 0) break;
    }
    if (depth === 0 && deepest <= MAX_NESTING) continue;
    throw new AwsError(
      'com.amazon.coral.validate#ValidationException',
      depth === 0
        ? `The local DynamoDB takes parentheses of ${name} ${MAX_NESTING} deep.`
        : `Invalid ${name}: Syntax error; the parentheses are not closed`,
    );
  }
}

/** Twelve take half a second. */
const MAX_NESTING = 8;

function parse(body: Buffer): object {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (input !== null && typeof input === 'object' && !Array.isArray(input)) return input;
  } catch {
    // Told below.
  }
  throw serializationError('The body is not a JSON object');
}

/** What dynalite says about a member: its type alone, or with the members of a structure, or what a list or map has. */
type Type = string | { readonly type: string; readonly children?: Type | Types };

interface Types {
  [member: string]: Type;
}

const types = new Map<string, Types>();

/** The members that dynalite checks are those that it reads. */
function typesOf(operation: string): Types {
  let known = types.get(operation);
  if (!known) {
    const module = `dynalite/validations/${operation.charAt(0).toLowerCase()}${operation.slice(1)}.js`;
    known = (require(module) as { readonly types: Types }).types;
    // dynalite's scan reads it, and refuses it for global indexes, but it is not among the types, which are all that gets there.
    if (operation === 'Scan') known.ConsistentRead = 'Boolean';
    // refusedItems.ts does it.
    if (operation === 'PutItem') known.ReturnValuesOnConditionCheckFailure = 'String';
    types.set(operation, known);
  }
  return known;
}

const require = createRequire(import.meta.url);

/** @param place such as `UpdateTable.GlobalSecondaryIndexUpdates` */
function refuseUnknownIn(structure: object, known: Types, place: string): void {
  const names = Object.keys(known).filter((name) => !passedOver.has(`${place}.${name}`));
  for (const [name, value] of Object.entries(structure)) {
    if (value === null) continue;
    if (!names.includes(name)) {
      throw new AwsError(
        'com.amazon.coral.validate#ValidationException',
        `The local DynamoDB does not know ${name} of ${place}. It knows ${names.sort().join(', ')}.`,
      );
    }
    refuseUnknownOf(value, known[name] ?? 'String', `${place}.${name}`);
  }
}

/** Checked by dynalite, and then not done. */
const passedOver = new Set([
  'UpdateTable.GlobalSecondaryIndexUpdates.Create',
  'UpdateTable.GlobalSecondaryIndexUpdates.Delete',
]);

/** A value of the wrong form is left to dynalite, which says so; the values of items are of any form. */
function refuseUnknownOf(value: unknown, type: Type, place: string): void {
  if (typeof type === 'string' || type.children === undefined) return;
  if (value === null || typeof value !== 'object') return;
  if (/^(?:Field|Value)Struct/.test(type.type)) {
    if (!Array.isArray(value)) refuseUnknownIn(value, type.children as Types, place);
  } else for (const each of Object.values(value)) refuseUnknownOf(each, type.children as Type, place);
}
