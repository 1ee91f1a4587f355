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
  const wrong = (type: string) => refuse(`${property} must be ${type}, found ${JSON.stringify(value)}`);
  switch (shape.kind) {
    case 'structure':
      if (Array.isArray(value) || typeof value !== 'object' || value === null) return wrong('an object');
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => {
          const known = shape.members[name];
          return [name, known && member !== null ? typed(known, member, name) : member];
        }),
      );
    case 'list':
      return Array.isArray(value)
        ? value.map((member: Resolved) => typed(shape.of, member, property))
        : wrong('a list');
    case 'integer':
      return typeof value === 'object' || value === '' || !Number.isInteger(Number(value))
        ? wrong('an integer')
        : Number(value);
    case 'boolean':
      return String(value) === 'true' || (String(value) !== 'false' ? wrong('true or false') : false);
    case 'string':
      return typeof value === 'object' ? wrong('a string') : String(value);
    case 'document':
      return value;
  }
}
