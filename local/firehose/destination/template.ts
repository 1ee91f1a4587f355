import type { Resolved } from '../../infra/resolver.js';
import type { Shape } from '../api/shapes.js';
import type { Properties } from '../stream/streamConfig.js';
import { refuse } from './invalidDestination.js';
import { propertiesOf } from './properties.js';
import { extendedS3Destination } from './shape.js';

/**
 * The ExtendedS3DestinationConfiguration of a template's stream. CloudFormation takes "60" for 60, "true" for true and
 * 3 for "3", and gives the API what it wants.
 *
 * @throws InvalidDestination for what can't be taken so.
 */
export function templateDestination(properties: Properties): Properties {
  const { ExtendedS3DestinationConfiguration: shape } = extendedS3Destination.members;
  const given = properties.ExtendedS3DestinationConfiguration;
  if (!given) refuse('the local stream needs an ExtendedS3DestinationConfiguration.');
  return propertiesOf(typed(shape, given, 'ExtendedS3DestinationConfiguration'));
}

function typed(shape: Shape, value: Resolved, property: string): Resolved {
  switch (shape.kind) {
    case 'structure':
      if (Array.isArray(value) || typeof value !== 'object' || value === null)
        return wrong(property, 'an object', value);
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => {
          const known = shape.members[name];
          return [name, known && member !== null ? typed(known, member, name) : member];
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
