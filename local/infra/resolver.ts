import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { entriesOf, type InfraDocument, InfraError, type Location } from './document.js';

/** A value with every intrinsic and variable replaced. */
export type Resolved = string | number | boolean | null | readonly Resolved[] | { readonly [key: string]: Resolved };

/** What names mean; throws a plain Error with the reason when a name means nothing here. */
export interface Names {
  /** A serverless variable, without `${}`: `self:service`, `sls:stage`, `param:stream`. */
  variable(expression: string): string;
  /** `!Ref name`: a pseudo parameter's value or a resource's Ref. */
  ref(name: string): string;
  /** `!GetAtt name.attribute`. */
  attribute(name: string, attribute: string): string;
  /** Whether the condition of this name holds. */
  condition(name: string): boolean;
}

/** `!Ref AWS::NoValue`: the property is left out, as CloudFormation does. */
const noValue = Symbol('AWS::NoValue');

/**
 * Replaces the intrinsics (short and long) and serverless variables in one node of an infra file.
 *
 * @throws InfraError naming the file and line of what can't be resolved on a laptop.
 */
export function resolve(node: Node | null, document: InfraDocument, names: Names): Resolved {
  const value = resolveNode(node, { document, names });
  return value === noValue ? null : value;
}

interface Scope {
  readonly document: InfraDocument;
  readonly names: Names;
}

function resolveNode(node: Node | null, scope: Scope): Resolved | typeof noValue {
  if (node === null) return null;
  if (isAlias(node)) throw new InfraError(scope.document.locate(node), 'YAML aliases are not supported here.');
  const short = (isScalar(node) || isSeq(node) || isMap(node)) && node.tag?.match(/^!([A-Za-z]+)$/)?.[1];
  if (short) return intrinsic(short === 'Ref' ? 'Ref' : `Fn::${short}`, node, scope);
  if (isScalar(node)) return scalar(node.value, scope.document.locate(node), scope);
  if (isSeq(node)) return list(node.items as (Node | null)[], scope);
  if (isMap(node)) return mapOrIntrinsic(node, scope);
  throw new InfraError(scope.document.locate(node), 'a value was expected.');
}

function scalar(value: unknown, at: Location, scope: Scope): Resolved {
  if (typeof value === 'string') return variables(value, at, scope);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  throw new InfraError(at, `a ${typeof value} has no place in a template.`);
}

/** Serverless variables are `${word:…}`; `${AWS::Region}` and `${LogicalId}` belong to Fn::Sub. */
function variables(text: string, at: Location, scope: Scope): string {
  return text.replace(/\$\{([a-z]+:[^}]*)\}/g, (_, expression: string) =>
    attempt(at, () => scope.names.variable(expression)),
  );
}

function list(items: readonly (Node | null)[], scope: Scope): readonly Resolved[] {
  return items.map((item) => resolveNode(item, scope)).filter((item) => item !== noValue);
}

function mapOrIntrinsic(node: YAMLMap, scope: Scope): Resolved | typeof noValue {
  const entries = [...entriesOf(node)];
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return intrinsic(only[0], only[2], scope);
  }
  const resolved = entries.map(([key, , value]) => [key, resolveNode(value, scope)] as const);
  return Object.fromEntries(resolved.filter((entry): entry is [string, Resolved] => entry[1] !== noValue));
}

function intrinsic(name: string, argument: Node | null, scope: Scope): Resolved | typeof noValue {
  const at = scope.document.locate(argument);
  if (name === 'Fn::If') return chosen(argument, at, scope);
  const plain = untagged(argument, scope);
  switch (name) {
    case 'Fn::Equals': {
      const [one, other] = Array.isArray(plain) ? (plain as readonly Resolved[]) : [];
      return String(one) === String(other);
    }
    case 'Fn::Not': {
      const [condition] = Array.isArray(plain) ? (plain as readonly Resolved[]) : [];
      return condition !== true;
    }
    case 'Ref':
      if (plain === 'AWS::NoValue') return noValue;
      return attempt(at, () => scope.names.ref(text(plain, name)));
    case 'Fn::GetAtt': {
      const [resource, ...attribute] = typeof plain === 'string' ? plain.split('.') : texts(plain, name, at);
      return attempt(at, () => scope.names.attribute(resource ?? '', attribute.join('.')));
    }
    case 'Fn::Sub':
      return Array.isArray(plain)
        ? substitute(plain[0], plain[1], at, scope)
        : substitute(plain as Resolved, {}, at, scope);
    case 'Fn::Join': {
      const [separator, parts] = Array.isArray(plain) ? (plain as readonly Resolved[]) : [];
      return texts(parts ?? null, name, at).join(attempt(at, () => text(separator ?? null, name)));
    }
    default:
      throw new InfraError(at, `${name} is not supported on a laptop: use Ref, GetAtt, Sub, Join, If, Equals or Not.`);
  }
}

/** `!If [condition, then, else]`: what is not chosen may name what there isn't. */
function chosen(argument: Node | null, at: Location, scope: Scope): Resolved | typeof noValue {
  const [condition, then, otherwise] = isSeq(argument) ? (argument.items as (Node | null)[]) : [];
  if (!isScalar(condition) || then === undefined || otherwise === undefined) {
    throw new InfraError(at, 'Fn::If takes a list of three: the name of a condition, and two values.');
  }
  const holds = attempt(at, () => scope.names.condition(String(condition.value)));
  return resolveNode(holds ? then : otherwise, scope);
}

/** The argument of a short tag is the tagged node itself, read as if it had no tag. */
function untagged(node: Node | null, scope: Scope): Resolved {
  if (isScalar(node)) return scalar(node.value, scope.document.locate(node), scope);
  if (isSeq(node)) return list(node.items as (Node | null)[], scope);
  return resolve(node, scope.document, scope.names);
}

function substitute(template: Resolved | undefined, own: Resolved | undefined, at: Location, scope: Scope): string {
  const values = own && typeof own === 'object' && !Array.isArray(own) ? (own as { [key: string]: Resolved }) : {};
  return attempt(at, () =>
    text(template ?? null, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      const value = values[name];
      if (value !== undefined) return String(value);
      const dot = name.indexOf('.');
      return dot === -1 ? scope.names.ref(name) : scope.names.attribute(name.slice(0, dot), name.slice(dot + 1));
    }),
  );
}

function text(value: Resolved, intrinsicName: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${intrinsicName} takes a string, found ${JSON.stringify(value)}.`);
}

function texts(value: Resolved, intrinsicName: string, at: Location): string[] {
  if (Array.isArray(value)) return value.map((item: Resolved) => attempt(at, () => text(item, intrinsicName)));
  throw new InfraError(at, `${intrinsicName} takes a list of strings, found ${JSON.stringify(value)}.`);
}

/** Gives a reason its place. */
function attempt<T>(at: Location, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof InfraError) throw error;
    throw new InfraError(at, error instanceof Error ? error.message : String(error));
  }
}
