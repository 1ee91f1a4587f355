import type { Resolved } from '../../infra/resolver.js';
import type { Properties } from '../stream/streamConfig.js';

/* Members of a destination; what is missing or null is empty. */

export function propertiesOf(value: Resolved | undefined): Properties {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Properties) : {};
}

export function listOf(value: Resolved | undefined): readonly Resolved[] {
  return Array.isArray(value) ? (value as readonly Resolved[]) : [];
}

export function textOf(value: Resolved | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}
