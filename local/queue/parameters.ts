import { AwsError, serializationError } from '../aws/awsError.js';
import { invalidParameter } from './messageContent.js';

export type Json = { readonly [member: string]: unknown };

/** @throws AwsError when a text is missing or none. */
export function requiredText(input: Json, name: string): string {
  const value = input[name];
  if (value === undefined || value === null || value === '') {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  if (typeof value !== 'string') throw serializationError(`${name} must be a string`);
  return value;
}

/**
 * A whole number within bounds; undefined when it was left out.
 *
 * @throws AwsError as SQS words it.
 */
export function integer(input: Json, name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw serializationError(`${name} must be an integer`);
  if (value >= least && value <= most) return value;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}

/** A list of texts; empty when it was left out. */
export function texts(input: Json, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw serializationError(`${name} must be a list of strings`);
  }
  return value;
}
