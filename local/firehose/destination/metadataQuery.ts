/**
 * The keys of the object that a JQ query makes, such as `{customer: .id, "day": .at | todate}`; none when the query
 * isn't one object.
 */
export function queryKeys(query: string): readonly string[] {
  const source = query.trim();
  if (!source.startsWith('{') || !source.endsWith('}')) return [];
  return members(source.slice(1, -1)).flatMap((member) => keyOf(member.trim()) ?? []);
}

/** Splits at the commas that are in no string and no bracket. */
function members(body: string): string[] {
  const found: string[] = [];
  let [start, depth] = [0, 0];
  for (const { 0: token, index } of body.matchAll(/"(?:[^"\\]|\\.)*"|[[({]|[\])}]|,/gs)) {
    if ('[({'.includes(token)) depth++;
    else if ('])}'.includes(token)) depth--;
    else if (token === ',' && depth === 0) {
      found.push(body.slice(start, index));
      start = index + 1;
    }
  }
  return [...found, body.slice(start)];
}

/** `key: …`, `"key": …`, or `key` alone for `key: .key`. */
function keyOf(member: string): string | undefined {
  const { bare, quoted } = /^(?:\$?(?<bare>[A-Za-z_]\w*)|"(?<quoted>[^"\\]*)")\s*(?::|$)/.exec(member)?.groups ?? {};
  return bare ?? quoted;
}
