import { isObject, type JsonObject } from './object.js';

/** The object without what stands at these paths; an object that is then empty goes with it. */
export function withoutPaths(object: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
      const within = paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
      if (within.length === 0) return [[key, value]];
      if (within.some((rest) => rest.length === 0) || !isObject(value)) return [];
      const left = withoutPaths(value, within);
      return Object.keys(left).length === 0 ? [] : [[key, left]];
    }),
  );
}
