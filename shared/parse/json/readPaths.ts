/**
 * Where the formats look for values in a JSON object. Whoever reads a key says so here: {@link EntryKeys} and
 * {@link KeyTree} do for all theirs, and a format for those that it reads by hand.
 */
const declared: (readonly string[])[] = [];
let known: KnownPaths | undefined;

/** @param paths `status`, or `http.response.status_code`, written so or as nested objects */
export function declareRead(paths: readonly string[]): void {
  declared.push(paths);
  known = undefined;
}

/**
 * Whether any format may make something of the value at a path, of what is in it, or of what it is in. It then depends on the
 * line and on the value whether one does.
 */
export function isRead(path: readonly string[]): boolean {
  known ??= collect(declared.flat());
  const { exact, outer } = known;
  return outer.has(path.join('.')) || path.some((_, last) => exact.has(path.slice(0, last + 1).join('.')));
}

interface KnownPaths {
  readonly exact: ReadonlySet<string>;
  /** Objects that hold such a path. */
  readonly outer: ReadonlySet<string>;
}

function collect(paths: readonly string[]): KnownPaths {
  const outer = paths.flatMap((path) => {
    const keys = path.split('.');
    return keys.slice(1).map((_, last) => keys.slice(0, last + 1).join('.'));
  });
  return { exact: new Set(paths), outer: new Set(outer) };
}
