import { Ajv, type ErrorObject } from 'ajv';
import ruleFileSchema from '../../infra/rules.schema.json' with { type: 'json' };
import { nearestWord } from './nearest.js';

/** The way to a value from the top of a file: indexes of lists and keys of maps. */
export type ProblemPath = readonly (string | number)[];

/** A problem by its way through the file rather than its line. */
export interface PlacedProblem {
  readonly path: ProblemPath;
  /** Whether the key or the value is at fault. */
  readonly on?: 'key' | 'value';
  readonly message: string;
}

const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
const validate = ajv.compile(ruleFileSchema);

/** Checks the content of a rule file against infra/rules.schema.json; nothing is found when it has the right shape. */
export function checkShape(content: unknown): PlacedProblem[] {
  if (validate(content)) return [];
  return (validate.errors ?? []).filter((error) => !isBranch(error)).map(describe);
}

/** What the branches of an `anyOf` say is summed up by the `anyOf` itself. */
function isBranch({ schemaPath, keyword }: ErrorObject): boolean {
  return keyword !== 'anyOf' && schemaPath.includes('/anyOf/');
}

function describe(error: ErrorObject): PlacedProblem {
  const path = pathOf(error.instancePath);
  const found = shown(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const allowed = Object.keys(error.parentSchema?.properties ?? {});
      return { path: [...path, key], on: 'key', message: unknownWord(nounOf(path), key, allowed, path) };
    }
    case 'enum':
      return { path, message: unknownWord(nameOf(path), error.data, error.params.allowedValues) };
    case 'anyOf':
      return {
        path,
        message: unknownWord('column', error.data, error.parentSchema?.anyOf?.[0]?.enum ?? [], ['where']),
      };
    case 'required':
      return { path, message: `the rule has no "${error.params.missingProperty}"; add it` };
    case 'type':
      return { path, message: `${nameOf(path)} is ${found}; it must be ${typesOf(error)}` };
    case 'pattern':
      return { path, message: `${nameOf(path)} is ${found}; ${patternAdvice(path)}` };
    case 'minProperties':
    case 'minItems':
    case 'minLength':
      return { path, message: `${nameOf(path)} is empty; name at least one` };
    default:
      return { path, message: `${nameOf(path)} is ${found}; it ${error.message}` };
  }
}

function unknownWord(noun: string, word: unknown, allowed: readonly string[], path: ProblemPath = []): string {
  const nearest = nearestWord(String(word), allowed);
  const advice = nearest ? `did you mean "${nearest}"? ` : '';
  const others = path.includes('where') ? ', fields.<path>' : '';
  return `unknown ${noun} ${shown(word)}; ${advice}${nearest ? 'Allowed' : 'allowed'}: ${allowed.join(', ')}${others}`;
}

/** What the unknown key of a map was meant to be, from where the map stands in the file. */
function nounOf(path: ProblemPath): string {
  if (path.length === 1) return 'key';
  return path.at(-1) === 'where' ? 'column' : 'condition';
}

function nameOf(path: ProblemPath): string {
  const names = path.slice(1).filter((step) => typeof step === 'string');
  if (names.length > 0) return names.join('.');
  return path.length === 0 ? 'the file' : 'the rule';
}

function typesOf({ params }: ErrorObject): string {
  const types: readonly string[] = [params.type].flat();
  const named = types.map((type) => ({ array: 'a list', object: 'a map', string: 'text' })[type] ?? `a ${type}`);
  return named.join(' or ');
}

function patternAdvice(path: ProblemPath): string {
  switch (path.at(-1)) {
    case 'name':
      return 'write it in kebab-case, for example payment-declined';
    case 'cooldown':
      return 'write a number and s, m, h or d, for example 15m';
    default:
      return 'write a whole http(s) link';
  }
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
