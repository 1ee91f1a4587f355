import { serializationError, validationError } from '../../aws/awsError.js';

interface Constraints {
  /** Whether the member must be there. */
  readonly required?: true;
  /** Least and greatest length, number of members or value. */
  readonly min?: number;
  readonly max?: number;
}

interface StringShape extends Constraints {
  readonly kind: 'string';
  /** As the service model writes it; it must match the whole value. */
  readonly pattern?: string;
  /** What an enum allows, in the order in which the service lists it. */
  readonly values?: readonly string[];
}

interface IntegerShape extends Constraints {
  readonly kind: 'integer';
}

interface BooleanShape extends Constraints {
  readonly kind: 'boolean';
}

/** A structure that is checked elsewhere. */
interface DocumentShape extends Constraints {
  readonly kind: 'document';
}

interface ListShape extends Constraints {
  readonly kind: 'list';
  readonly of: Shape;
}

export interface StructureShape extends Constraints {
  readonly kind: 'structure';
  readonly members: { readonly [name: string]: Shape };
}

/** What the service model says about a member: https://smithy.io/2.0/spec/constraint-traits.html */
export type Shape = StringShape | IntegerShape | BooleanShape | DocumentShape | ListShape | StructureShape;

/** A JSON object as it came. */
export type Json = { readonly [member: string]: unknown };

/** The value that a shape describes. */
export type ValueOf<S> = S extends { readonly kind: 'structure'; readonly members: infer M }
  ? { readonly [K in keyof M]: M[K] extends { readonly required: true } ? ValueOf<M[K]> : ValueOf<M[K]> | undefined }
  : S extends { readonly kind: 'list'; readonly of: infer E }
    ? readonly ValueOf<E>[]
    : S extends { readonly kind: 'integer' }
      ? number
      : S extends { readonly kind: 'boolean' }
        ? boolean
        : S extends { readonly kind: 'document' }
          ? Json
          : string;

/**
 * Reads a request as its shape describes it. Members that the shape doesn't name are passed over, as AWS does.
 *
 * @throws AwsError SerializationException for a member of the wrong JSON type, ValidationException with every broken
 * constraint otherwise.
 */
export function readRequest<const S extends StructureShape>(shape: S, input: Json): ValueOf<S> {
  const problems = problemsOf(shape, input);
  if (problems.length > 0) throw validationError(problems);
  // A null is a member that was left out.
  const given = Object.entries(input).filter(([name, value]) => name in shape.members && value !== null);
  return Object.fromEntries(given) as ValueOf<S>;
}

/**
 * Every constraint that a request breaks, in the service's words.
 *
 * @throws AwsError SerializationException for a member of the wrong JSON type.
 */
export function problemsOf(shape: StructureShape, input: Json): string[] {
  const problems: string[] = [];
  checkMembers(shape, input, '', problems);
  return problems;
}

function checkMembers({ members }: StructureShape, value: Json, path: string, problems: string[]): void {
  for (const [name, shape] of Object.entries(members)) {
    const member = value[name];
    const at = `${path}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (member !== undefined && member !== null) check(shape, member, at, problems);
    else if (shape.required) problems.push(broken('', at, 'not be null'));
  }
}

function check(shape: Shape, value: unknown, at: string, problems: string[]): void {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(value, 'String');
      checkString(shape, value, at, problems);
      break;
    case 'integer':
      if (typeof value !== 'number') throw wrongType(value, 'Integer');
      checkRange(shape, Math.trunc(value), String(value), at, 'value', problems);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'Boolean');
      break;
    case 'document':
      if (!isObject(value)) throw wrongType(value, 'structure');
      break;
    case 'list':
      if (!Array.isArray(value)) throw wrongType(value, 'list');
      checkRange(shape, value.length, `[${value.length === 0 ? '' : '…'}]`, at, 'length', problems);
      for (const [index, member] of value.entries()) check(shape.of, member, `${at}.${index + 1}.member`, problems);
      break;
    case 'structure':
      if (!isObject(value)) throw wrongType(value, 'structure');
      checkMembers(shape, value, `${at}.`, problems);
      break;
  }
}

function checkString(shape: StringShape, value: string, at: string, problems: string[]): void {
  checkRange(shape, value.length, value, at, 'length', problems);
  const { pattern, values } = shape;
  if (values && !values.includes(value)) {
    problems.push(broken(value, at, `satisfy enum value set: [${values.join(', ')}]`));
  }
  if (pattern !== undefined && !compiled(pattern).test(value)) {
    problems.push(broken(value, at, `satisfy regular expression pattern: ${pattern}`));
  }
}

function checkRange(
  { min, max }: Constraints,
  measure: number,
  value: string,
  at: string,
  what: 'length' | 'value',
  problems: string[],
): void {
  if (max !== undefined && measure > max) problems.push(broken(value, at, `have ${what} less than or equal to ${max}`));
  if (min !== undefined && measure < min) {
    problems.push(broken(value, at, `have ${what} greater than or equal to ${min}`));
  }
}

/** One broken constraint, in the service's words. */
function broken(value: string, at: string, constraint: string): string {
  const shown = value === '' && constraint === 'not be null' ? 'Value' : `Value '${value}'`;
  return `${shown} at '${at}' failed to satisfy constraint: Member must ${constraint}`;
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  let regexp = patterns.get(pattern);
  if (!regexp) {
    regexp = new RegExp(`^(?:${pattern})$`, 'u');
    patterns.set(pattern, regexp);
  }
  return regexp;
}

function wrongType(value: unknown, expected: string) {
  if (Array.isArray(value)) return serializationError('Start of list found where not expected');
  if (typeof value === 'object') return serializationError('Start of structure or map found where not expected.');
  const found =
    typeof value === 'boolean' ? `${value ? 'TRUE' : 'FALSE'}_VALUE` : `${typeof value}_VALUE`.toUpperCase();
  return serializationError(`${found} can not be converted to ${expected === 'Integer' ? 'an' : 'a'} ${expected}`);
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
