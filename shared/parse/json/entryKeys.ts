import { type Level, parseLevel } from '../values/level.js';
import { parseTraceHeader, parseTraceId, type TraceIds } from '../values/traceIds.js';
import { parseInstant } from './instant.js';
import { isObject, type JsonObject } from './object.js';
import { declareRead } from './readPaths.js';

/** What the keys of an application's JSON line say. Optional throughout: a line may have any of them. */
export interface EntryValues {
  time?: number | undefined;
  level?: Level | undefined;
  message?: string | undefined;
  logger?: string | undefined;
  /** `name`: the logger's for some libraries, anybody's for others. */
  name?: string | undefined;
  exception?: string | undefined;
  /** What the exception says, beside what the line says. */
  thrown?: string | undefined;
  stack?: string | undefined;
  /** An error told as a text of its own: a stack where there is no other. */
  error?: string | undefined;
  trace_id?: string | undefined;
  span_id?: string | undefined;
  request_id?: string | undefined;
  /** A header that names trace and span at once. */
  trace_header?: TraceIds | undefined;
}

type EntryKey = keyof EntryValues;

/** The keys under which a value may stand, the best first. `a.b` is found as that key and as `{"a":{"b":…}}`. */
type EntryPaths = { readonly [K in EntryKey]?: readonly string[] };

/** Finds the values of application lines. A line's object is walked once, whatever it holds. */
export class EntryKeys {
  private root: Branch | undefined;

  /** @param paths are better than those of `base` */
  constructor(
    private readonly paths: EntryPaths,
    private readonly base?: EntryKeys,
  ) {
    for (const each of Object.values(paths)) declareRead(each);
  }

  find(object: JsonObject): FoundEntry {
    // Built for the first line of its kind: all kinds together would take 15 ms of every cold start.
    this.root ??= this.build();
    return new FoundEntry(object, this.root);
  }

  private build(): Branch {
    const root: Branch = new Map();
    for (const key of entryKeys) {
      for (const [rank, path] of this.pathsOf(key).entries()) {
        for (const spelling of spellings(path)) claimAt(root, { key, rank, path: spelling, read: readers[key] });
      }
    }
    return root;
  }

  private pathsOf(key: EntryKey): readonly string[] {
    return [...(this.paths[key] ?? []), ...(this.base?.pathsOf(key) ?? [])];
  }
}

/** `a.b.c` as one key, as a key of an object, and as objects all the way. */
function spellings(path: string): readonly (readonly string[])[] {
  const [outer = '', ...inner] = path.split('.');
  if (inner.length === 0) return [[path]];
  return inner.length === 1 ? [[path], [outer, ...inner]] : [[path], [outer, inner.join('.')], [outer, ...inner]];
}

/** The values of one line, and what is left of it. */
export class FoundEntry {
  readonly values: EntryValues = {};
  /** What nobody took, in the line's order. */
  readonly rest: [string, unknown][];
  private readonly sources: { [K in EntryKey]?: Claim } = {};
  private readonly outdone: Claim[] = [];

  constructor(
    readonly object: JsonObject,
    root: Branch,
  ) {
    this.rest = this.collect(object, root);
    for (const claim of this.outdone) this.restore(claim);
  }

  /** Leaves a value that was found for `fields` after all, where it stood. */
  giveBack(key: EntryKey): void {
    const source = this.sources[key];
    if (source) this.restore(source);
    delete this.sources[key];
  }

  hasAny(...keys: readonly string[]): boolean {
    return keys.some((key) => Object.hasOwn(this.object, key));
  }

  /** A key of what is left; undefined when it is taken. */
  peekRest(key: string): unknown {
    return this.rest.find(([each]) => each === key)?.[1];
  }

  /** Takes a whole key from what is left. */
  takeRest(key: string): unknown {
    const index = this.rest.findIndex(([each]) => each === key);
    return index < 0 ? undefined : this.rest.splice(index, 1)[0]?.[1];
  }

  /** Takes what is claimed, and answers with what is left. */
  private collect(object: JsonObject, branch: Branch): [string, unknown][] {
    const rest: [string, unknown][] = [];
    for (const key in object) {
      const value = object[key];
      const node = branch.get(key);
      if (node?.inner && isObject(value)) {
        const left = this.collect(value, node.inner);
        if (left.length > 0) rest.push([key, Object.fromEntries(left)]);
      } else if (!node?.claim || !this.take(node.claim, value)) rest.push([key, value]);
    }
    return rest;
  }

  private take(claim: Claim, value: unknown): boolean {
    const best = this.sources[claim.key];
    if (best && best.rank <= claim.rank) return false;
    if (!claim.read(value, this.values)) return false;
    if (best) this.outdone.push(best);
    this.sources[claim.key] = claim;
    return true;
  }

  private restore({ path: [key = '', ...inner] }: Claim): void {
    const index = this.rest.findIndex(([each]) => each === key);
    const restored = restoreInto(index < 0 ? undefined : this.rest[index]?.[1], this.object[key], inner);
    if (index < 0) this.rest.push([key, restored]);
    else this.rest[index] = [key, restored];
  }
}

function restoreInto(left: unknown, original: unknown, path: readonly string[]): unknown {
  const [key, ...inner] = path;
  if (key === undefined || !isObject(original)) return original;
  const kept = isObject(left) ? left : {};
  return { ...kept, [key]: restoreInto(kept[key], original[key], inner) };
}

interface Claim {
  readonly key: EntryKey;
  readonly rank: number;
  /** One key for each object on the way. */
  readonly path: readonly string[];
  readonly read: Reader;
}

type Branch = Map<string, { claim?: Claim; inner?: Branch }>;

/** Takes a value it understands; one that it leaves, by answering false, stays in `fields`. */
type Reader = (value: unknown, into: EntryValues) => boolean;

const readers: { readonly [K in EntryKey]: Reader } = {
  time(value, into) {
    const time = parseInstant(value);
    if (time !== undefined) into.time = time;
    return time !== undefined;
  },
  level(value, into) {
    // A number is a level on its logger's scale only: see takeNumericLevel.
    const level = typeof value === 'string' && !digits.test(value) ? parseLevel(value) : undefined;
    if (level) into.level = level;
    return level !== undefined;
  },
  message(value, into) {
    // An empty one says nothing: another key may, and unrelated errors would have one fingerprint.
    if (typeof value !== 'string' || value.trim() === '') return false;
    into.message = value;
    return true;
  },
  logger: text('logger'),
  name: text('name'),
  exception: text('exception'),
  thrown: text('thrown'),
  stack(value, into) {
    const stack = stackText(value);
    if (stack !== undefined) into.stack = stack;
    return stack !== undefined;
  },
  error(value, into) {
    const error = stackText(value);
    if (error !== undefined) into.error = error;
    return error !== undefined;
  },
  trace_id(value, into) {
    // What is longer than an id (a UUID has 36 characters) is a header under an id's name.
    if (typeof value === 'string' && value.length > 36) return readers.trace_header(value, into);
    return id('trace_id')(value, into);
  },
  span_id: id('span_id'),
  request_id: id('request_id'),
  trace_header(value, into) {
    const ids = typeof value === 'string' ? parseTraceHeader(value) : undefined;
    if (ids) into.trace_header ??= ids;
    // A header says more than the two ids, such as whether the trace is sampled: it stays in `fields` too.
    return false;
  },
};

const digits = /^\d+$/;

const entryKeys = Object.keys(readers) as EntryKey[];

function text(key: 'logger' | 'name' | 'exception' | 'thrown'): Reader {
  return (value, into) => {
    if (typeof value !== 'string') return false;
    into[key] = value;
    return true;
  };
}

function id(key: 'trace_id' | 'span_id' | 'request_id'): Reader {
  return (value, into) => {
    const text = parseTraceId(value);
    if (text !== undefined) into[key] = text;
    return text !== undefined;
  };
}

/** A stack is a text of several lines, or a list of them as Ruby writes it. One line alone is but a description. */
function stackText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('\n') ? value : undefined;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const lines: readonly unknown[] = value;
  return lines.every((line) => typeof line === 'string') ? lines.join('\n') : undefined;
}

function claimAt(root: Branch, claim: Claim): void {
  let branch = root;
  for (const key of claim.path.slice(0, -1)) {
    const node = branch.get(key) ?? {};
    branch.set(key, node);
    node.inner ??= new Map();
    branch = node.inner;
  }
  const key = claim.path.at(-1) ?? '';
  const node = branch.get(key) ?? {};
  branch.set(key, node);
  node.claim ??= claim;
}
