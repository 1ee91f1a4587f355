import { firehose } from '../../../shared/limits.js';
import { InvalidPrefix, PrefixExpression } from '../dates/prefix.js';
import type { Properties } from '../stream/streamConfig.js';
import { InvalidDestination, refuse } from './invalidDestination.js';
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
  if (prefix.usesErrorType) broken('Prefix must not contain any occurrence of !{firehose:error-output-type}');
  if (errorPrefix.usesPartitionKeys) {
    refuse("Dynamic Partitioning Namespaces can't be part of an error prefix expression");
  }
  if (prefix.hasExpressions && errorPrefix.source === '') {
    broken('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
  }
  if (errorPrefix.hasExpressions && !errorPrefix.usesErrorType) {
    broken('ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}');
  }
  if (Math.max(prefix.leastLength, errorPrefix.leastLength) > firehose.maxPrefixLength) {
    broken(`Length of evaluated prefix cannot be greater than ${firehose.maxPrefixLength}`);
  }
  return {
    prefix: prefix.hasExpressions ? prefix : new PrefixExpression(`${prefix.source}${date}`),
    errorPrefix: errorPrefix.hasExpressions
      ? errorPrefix
      : new PrefixExpression(`${errorPrefix.source || prefix.source}!{firehose:error-output-type}/${date}`),
  };
}

function compiled(destination: Properties, property: 'Prefix' | 'ErrorOutputPrefix'): PrefixExpression {
  const source = textOf(destination[property]);
  try {
    return new PrefixExpression(source);
  } catch (error) {
    if (!(error instanceof InvalidPrefix)) throw error;
    switch (error.part) {
      case 'syntax':
        return broken(`Invalid expression usage: ${source}.Must be of the form !{<namespace>:<value>}`, error.message);
      case 'namespace':
        return broken(`Namespace to the left of colon (${error.found}) is an invalid keyword!`, error.message);
      case 'value':
        return broken(`Invalid conversion character used in the value of the expression in ${property}`, error.message);
    }
  }
}

function broken(constraint: string, detail?: string): never {
  const message = `The supplied prefix(es) do not satisfy the following constraint: ${constraint}`;
  throw new InvalidDestination(message, 'InvalidArgumentException', detail);
}
