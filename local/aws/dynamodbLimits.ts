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
  const known = parametersOf(operation);
  for (const [name, value] of Object.entries(parse(body))) {
    if (value === null || known.has(name)) continue;
    throw new AwsError(
      'com.amazon.coral.validate#ValidationException',
      `The local DynamoDB does not know ${name} of ${operation}. It knows ${[...known].sort().join(', ')}.`,
    );
  }
}

function parse(body: Buffer): object {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (input !== null && typeof input === 'object' && !Array.isArray(input)) return input;
  } catch {
    // Told below.
  }
  throw serializationError('The body is not a JSON object');
}

const parameters = new Map<string, ReadonlySet<string>>();

/** The members that dynalite checks are those that it reads. */
function parametersOf(operation: string): ReadonlySet<string> {
  let names = parameters.get(operation);
  if (!names) {
    const module = `dynalite/validations/${operation.charAt(0).toLowerCase()}${operation.slice(1)}.js`;
    const read = Object.keys((require(module) as { readonly types: object }).types);
    // Every read here is consistent, also a Scan that dynalite does not ask.
    names = new Set(operation === 'Scan' ? [...read, 'ConsistentRead'] : read);
    parameters.set(operation, names);
  }
  return names;
}

const require = createRequire(import.meta.url);
