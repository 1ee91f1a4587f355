import { Ajv, type ErrorObject } from 'ajv';
import { nearestWord } from './nearest.js';
import type { PlacedProblem, ProblemPath } from './source.js';

/** How one kind of file speaks of its parts. */
export interface ShapeWords {
  /** What stands at the path, for example `the rule`; undefined to name it by its keys. */
  readonly name: (path: ProblemPath) => string | undefined;
  /** What an unknown key of the map at the path was meant to be: a `key`, a `column`. */
  readonly keyNoun: (path: ProblemPath) => string;
  /** What else may be written beside the allowed words at the path. */
  readonly alsoAllowed: (path: ProblemPath) => string;
  /** How to write a value that does not fit its pattern. */
  readonly patternAdvice: (path: ProblemPath) => string;
  /** What is wrong with a value of another type than is allowed at the path, when there is more to say than that. */
  readonly mistyped?: (path: ProblemPath, value: unknown) => string | undefined;
  /** Why a key has no place beside what else the map at the path says, and `allowed` of what it goes by. */
  readonly misplaced?: (path: ProblemPath, key: string, map: unknown, allowed: readonly string[]) => string;
}

/** Compiles a check of a file's content against its JSON Schema; the check finds nothing when the shape is right. */
export function compileShape(schema: object, words: ShapeWords): (content: unknown) => PlacedProblem[] {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
  const validate = ajv.compile(schema);
  return (content) => {
    if (validate(content)) return [];
    const errors = (validate.errors ?? []).filter((error) => !isBranch(error));
    return errors.flatMap((error) => {
      const key = dependentOf(error);
      return key === undefined ? [describe(error, words)] : describeMisplaced(error, key, errors, content, words);
    });
  };
}

/** What the branches of an `anyOf` say is summed up by the `anyOf` itself; an `if` is the reason for another error. */
function isBranch({ schemaPath, keyword }: ErrorObject): boolean {
  return keyword === 'if' || (keyword !== 'anyOf' && schemaPath.includes('/anyOf/'));
}

/** The key that asks something of its neighbours, when it is not given. */
function dependentOf({ schemaPath }: ErrorObject): string | undefined {
  return /\/dependencies\/(\w+)\//.exec(schemaPath)?.[1];
}

/** Says nothing while the neighbour that the key goes by is wrong in itself. */
function describeMisplaced(
  error: ErrorObject,
  key: string,
  errors: readonly ErrorObject[],
  content: unknown,
  words: ShapeWords,
): PlacedProblem[] {
  const isWrongItself = errors.some(
    (other) =>
      other.instancePath === error.instancePath && other.keyword === 'enum' && dependentOf(other) === undefined,
  );
  if (!words.misplaced || isWrongItself) return [];
  const path = pathOf(error.instancePath);
  // The neighbour has another value than it must have, or is missing from the map.
  const map = error.keyword === 'enum' ? path.slice(0, -1) : path;
  const allowed: readonly string[] =
    error.keyword === 'enum' ? error.schema : error.parentSchema?.properties[error.params.missingProperty].enum;
  return [{ path: [...map, key], on: 'key', message: words.misplaced(map, key, valueAt(content, map), allowed) }];
}

function valueAt(content: unknown, path: ProblemPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>>)[step], content);
}

function describe(error: ErrorObject, words: ShapeWords): PlacedProblem {
  const path = pathOf(error.instancePath);
  const found = shown(error.data);
  const name = nameOf(path, words);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const allowed = Object.keys(error.parentSchema?.properties ?? {});
      const others = words.alsoAllowed(path);
      const patterns = Object.keys(error.parentSchema?.patternProperties ?? {});
      const message =
        patterns.length > 0 && allowed.length === 0 && others === ''
          ? `${name} has the name ${shown(key)}; names there must match ${patterns.join(' or ')}`
          : unknownWord(words.keyNoun(path), key, allowed, others);
      return { path: [...path, key], on: 'key', message };
    }
    case 'enum':
      return { path, message: unknownWord(name, error.data, error.params.allowedValues) };
    case 'anyOf':
      return {
        path,
        message: unknownWord('column', error.data, error.parentSchema?.anyOf?.[0]?.enum ?? [], ', fields.<path>'),
      };
    case 'required':
      return { path, message: `${name} has no "${error.params.missingProperty}"; add it` };
    case 'dependencies': {
      const { property, missingProperty } = error.params;
      return { path, message: `${name} has "${property}" and no "${missingProperty}"; add it` };
    }
    case 'type': {
      const mistake = words.mistyped?.(path, error.data);
      if (mistake !== undefined) return { path, on: 'key', message: mistake };
      return { path, message: `${name} is ${found}; it must be ${typesOf(error)}` };
    }
    case 'pattern':
      return { path, message: `${name} is ${found}; ${words.patternAdvice(path)}` };
    case 'minProperties':
    case 'minItems':
    case 'minLength':
      return { path, message: `${name} is empty; name at least one` };
    case 'maximum':
    case 'exclusiveMaximum':
      // A number that may be written as a percentage as well was most likely meant as one.
      return error.params.limit === 1 && error.parentSchema?.pattern !== undefined && Number(error.data) <= 100
        ? { path, message: `${name} is ${found}; write a percentage such as "${found}%", or a number from 0 to 1` }
        : { path, message: `${name} is ${found}; it ${error.message}` };
    default:
      return { path, message: `${name} is ${found}; it ${error.message}` };
  }
}

/** `unknown NOUN WORD`, with the nearest right word and all that are allowed. */
export function unknownWord(noun: string, word: unknown, allowed: readonly (string | number)[], others = ''): string {
  // A number next to another by its digits is hardly what was meant.
  const words = allowed.filter((each) => typeof each === 'string');
  const nearest = nearestWord(String(word), words);
  const advice = nearest ? `did you mean "${nearest}"? Allowed` : 'allowed';
  return `unknown ${noun} ${shown(word)}; ${advice}: ${allowed.join(', ')}${others}`;
}

function nameOf(path: ProblemPath, words: ShapeWords): string {
  const name = words.name(path);
  if (name !== undefined) return name;
  const steps = path.filter((step) => typeof step === 'string');
  return steps.length > 0 ? steps.join('.') : 'the file';
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
};

function typesOf({ params }: ErrorObject): string {
  const types: readonly string[] = [params.type].flat();
  const named = types.map((type) => typeWords[type] ?? `a ${type}`);
  return named.join(' or ');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (value === null || value === undefined) return 'empty';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** A JSON pointer taken apart. */
function pathOf(pointer: string): ProblemPath {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(name) ? Number(name) : name;
  });
}
