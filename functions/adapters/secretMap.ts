/**
 * Reads a variable that holds secrets by name, as a JSON object. The value is not shown when it is wrong.
 *
 * @param example of what it should hold, for the message.
 */
export function secretMap(variable: string, json: string, example: object): Readonly<Record<string, string>> {
  const values = parseJson(json);
  const wellFormed =
    typeof values === 'object' && values !== null && Object.values(values).every((value) => typeof value === 'string');
  if (!wellFormed || Array.isArray(values)) {
    throw new Error(`${variable} is not a JSON object of texts, such as ${JSON.stringify(example)}`);
  }
  return values as Readonly<Record<string, string>>;
}

/** What the parser says of bad JSON quotes it, and with it a secret. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
