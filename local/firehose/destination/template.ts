import { validationError } from '../../aws/awsError.js';
import type { Resolved } from '../../infra/resolver.js';
import { createDeliveryStream } from '../api/requests.js';
import { problemsOf, type Shape } from '../api/shapes.js';
import type { Properties } from '../stream/streamConfig.js';
import { InvalidDestination, refuse } from './invalidDestination.js';
import { propertiesOf } from './properties.js';

/**
 * The CreateDeliveryStream that CloudFormation makes of a template's stream. It takes "60" for 60, "true" for true and 3
 * for "3", gives the API what that wants, and refuses properties that it doesn't know.
 *
 * @throws InvalidDestination for what can't be taken so, and for what breaks the API's constraints.
 */
export function templateRequest(name: string, properties: Properties): Properties {
  const request = propertiesOf(typed(createDeliveryStream, { ...properties, DeliveryStreamName: name }, ''));
  const problems = problemsOf(createDeliveryStream, request);
  if (problems.length > 0) {
    const { message, code } = validationError(problems);
    throw new InvalidDestination(message, code);
  }
  return request;
}

function typed(shape: Shape, value: Resolved, property: string): Resolved {
  switch (shape.kind) {
    case 'structure':
      if (Array.isArray(value) || typeof value !== 'object' || value === null)
        return wrong(property, 'an object', value);
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => {
          const known = shape.members[name];
          if (!known) refuse(`${property || 'the stream'}: extraneous key [${name}] is not permitted`);
          return [name, member === null ? member : typed(known, member, name)];
        }),
      );
    case 'list':
      if (!Array.isArray(value)) return wrong(property, 'a list', value);
      return value.map((member: Resolved) => typed(shape.of, member, property));
    case 'document':
      return value;
    default:
      return scalar(shape.kind, value, property);
  }
}

function scalar(kind: 'integer' | 'boolean' | 'string', value: Resolved, property: string): Resolved {
  const text = String(value);
  switch (kind) {
    case 'integer':
      if (typeof value === 'object' || value === '' || !Number.isInteger(Number(value))) break;
      return Number(value);
    case 'boolean':
      if (text !== 'true' && text !== 'false') break;
      return text === 'true';
    case 'string':
      if (typeof value === 'object') break;
      return text;
  }
  return wrong(property, { integer: 'an integer', boolean: 'true or false', string: 'a string' }[kind], value);
}

function wrong(property: string, type: string, value: Resolved): never {
  refuse(`${property} must be ${type}, found ${JSON.stringify(value)}`);
}
