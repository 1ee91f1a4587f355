/** What regular expressions and paths in a query have to be, to mean the same to DuckDB. */

/**
 * DuckDB's engine of regular expressions, RE2, never goes back in a text, and takes classes as they stand.
 *
 * @returns the part of an expression that asks for more
 */
export function unknownToRe2(regex: string): string | undefined {
  const [, combined] =
    /\[\^?\]?(?:\\.|[^\]\\[&]|\[:\w+:\]|&(?!&))*(\[(?!:)|&&)/s.exec(regex.replaceAll(/\\[[\]]/g, '')) ?? [];
  return combined ?? goesBack(regex);
}

function goesBack(regex: string): string | undefined {
  const plain = regex.replaceAll(/\\[^1-9]|\[\^?\]?(?:\\.|[^\]\\])*\]/gs, '');
  return /\(\?<?[=!]|\(\?>|\\[1-9]|[*+?}]\+/.exec(plain)?.[0];
}

/**
 * `$["a.b"]` is Athena's for a key with a dot, `$."a.b"` DuckDB's.
 *
 * @returns undefined for a path that is not one of plain keys and indexes
 */
export function duckDbPath(path: string): string | undefined {
  if (!/^\$(\.[\p{L}\p{N}_:]+|\[\d+\]|\["[^"\\]*"\])*$/u.test(path)) return undefined;
  return path.replaceAll(/\["([^"]*)"\]|\.([^.[\]]+)/g, (_, quoted?: string, plain?: string) => {
    const key = quoted ?? plain ?? '';
    return /^\w+$/.test(key) ? `.${key}` : `."${key}"`;
  });
}
