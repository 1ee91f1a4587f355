import { PrefixExpression } from '../prefix.js';
import type { Properties } from '../streamConfig.js';
import { InvalidDestination } from './invalidDestination.js';
import { textOf } from './properties.js';

/** What Firehose adds to a prefix without expressions. */
const date = '!{timestamp:yyyy/MM/dd/HH/}';

/**
 * The prefixes of a destination with what Firehose adds to them.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function prefixesOf(destination: Properties): {
  readonly prefix: PrefixExpression;
  readonly errorPrefix: PrefixExpression;
} {
  const [prefix, errorPrefix] = [compiled(destination, 'Prefix'), compiled(destination, 'ErrorOutputPrefix')];
  if (prefix.usesErrorType) refuse('Prefix cannot contain !{firehose:error-output-type}');
  if (errorPrefix.usesPartitionKeys) refuse('ErrorOutputPrefix cannot contain Dynamic Partitioning namespaces');
  if (prefix.hasExpressions && errorPrefix.source === '') {
    refuse('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
  }
  if (errorPrefix.hasExpressions && !errorPrefix.usesErrorType) {
    refuse('ErrorOutputPrefix must contain !{firehose:error-output-type} when it contains expressions');
  }
  return {
    prefix: prefix.hasExpressions ? prefix : new PrefixExpression(`${prefix.source}${date}`),
    errorPrefix: errorPrefix.hasExpressions
      ? errorPrefix
      : new PrefixExpression(`${errorPrefix.source || prefix.source}!{firehose:error-output-type}/${date}`),
  };
}

function compiled(destination: Properties, property: 'Prefix' | 'ErrorOutputPrefix'): PrefixExpression {
  try {
    return new PrefixExpression(textOf(destination[property]));
  } catch (error) {
    return refuse(error instanceof Error ? `${property}: ${error.message}` : String(error));
  }
}

/** The typing error is the service's: https://github.com/serverless/serverless/issues/6015 */
function refuse(constraint: string): never {
  throw new InvalidDestination(`Ths supplied prefix(es) do not satisfy the following constraint: ${constraint}`);
}
