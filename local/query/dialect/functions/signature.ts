import { any, becomes, common, isNumber, isTime, type SqlType } from '../types.js';

/** One form of a function: what it takes, what it gives, and how DuckDB is told. */
export interface Signature {
  readonly name: string;
  readonly params: readonly Pattern[];
  /** Whether the last parameter may come again. */
  readonly variadic: boolean;
  readonly result: Pattern;
  readonly template: string;
}

/** A type's name, a letter that stands for any type, or `number` and `time` for any of theirs. */
export interface Pattern {
  readonly name: string;
  readonly of: readonly Pattern[];
  /** Of a function `T -> U`: what it takes. */
  readonly takes?: readonly Pattern[];
}

export type Bindings = Map<string, SqlType>;

/** Reads lines such as `strpos(varchar, varchar): bigint = strpos($1, $2)`. */
export function readSignatures(text: string): ReadonlyMap<string, readonly Signature[]> {
  const all = new Map<string, Signature[]>();
  for (const line of text.split('\n')) {
    const [, name, params = '', result = '', template = ''] = /^(\w+)\((.*?)\): (.+?) = (.+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const signature = {
      name,
      params: splitList(params.replace('...', '')).map(readPattern),
      variadic: params.endsWith('...'),
      result: readPattern(result),
      template,
    };
    all.set(name, [...(all.get(name) ?? []), signature]);
  }
  return all;
}

function readPattern(text: string): Pattern {
  const [takes, gives] = text.split(' -> ');
  if (takes !== undefined && gives !== undefined)
    return { name: '->', of: [readPattern(gives)], takes: [readPattern(takes)] };
  const [, name = '', inner] = /^([\w ]+?)(?:\((.*)\))?$/.exec(text) ?? [];
  return { name, of: inner === undefined || /^\d/.test(inner) ? [] : splitList(inner).map(readPattern) };
}

function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
      continue;
    }
    if (character === '(') depth++;
    if (character === ')') depth--;
    part += character;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

/** Whether an argument fits a parameter; letters are bound to what they stand for. */
export function fits(pattern: Pattern, type: SqlType, bindings: Bindings): boolean {
  const { name } = pattern;
  if (isLetter(name)) return binds(name, type, bindings);
  if (type.name === 'any' || type.name === 'unknown') return true;
  if (name === 'number') return isNumber(type) && binds(name, type, bindings);
  if (name === 'time') return isTime(type) && binds(name, type, bindings);
  if (name === 'decimal') return type.name === 'decimal' && binds(name, type, bindings);
  if (name === 'regex' || name === 'path') return type.name === 'varchar';
  if (pattern.of.length > 0) {
    if (type.name !== name) return false;
    return pattern.of.every((each, at) => fits(each, type.of?.[at] ?? any, bindings));
  }
  return becomes(type, { name });
}

function binds(letter: string, type: SqlType, bindings: Bindings): boolean {
  const before = bindings.get(letter);
  const bound = before ? common(before, type) : type;
  if (bound === undefined) return false;
  bindings.set(letter, bound);
  return true;
}

/** The type that a pattern stands for once letters are bound. */
export function bound({ name, of }: Pattern, bindings: Bindings): SqlType {
  if (isLetter(name) || name === 'number' || name === 'time' || name === 'decimal') return bindings.get(name) ?? any;
  if (name === 'regex' || name === 'path') return { name: 'varchar' };
  return of.length > 0 ? { name, of: of.map((each) => bound(each, bindings)) } : { name };
}

function isLetter(name: string): boolean {
  return /^[A-Z]$/.test(name);
}

export function showSignature({ name, params, variadic }: Signature): string {
  return `${name}(${params.map(showPattern).join(', ')}${variadic ? '...' : ''})`;
}

function showPattern({ name, of, takes }: Pattern): string {
  if (takes) return `${takes.map(showPattern).join(', ')} -> ${of.map(showPattern).join(', ')}`;
  return of.length > 0 ? `${name}(${of.map(showPattern).join(', ')})` : name;
}
