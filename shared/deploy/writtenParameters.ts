import parametersSchema from '../../infra/parameters.schema.json' with { type: 'json' };

/** A template, as far as its metadata goes. */
interface WithMetadata {
  readonly Metadata?: { readonly [section: string]: unknown };
}

/** The section of a template's metadata. */
const section = 'Firesplit';

/** Parameters that are secrets: they have `writeOnly` in infra/parameters.schema.json. */
const secrets = new Set(
  Object.entries(parametersSchema.definitions.parameters.properties)
    .filter(([, described]) => 'writeOnly' in described && described.writeOnly)
    .map(([key]) => key),
);

/**
 * The metadata of a template that says what its deployment was told, but for secrets: `firesplit doctor --aws` compares it. All
 * values are texts, since cfn-lint refuses numbers like 0.5 there (E4002).
 */
export function parametersMetadata(parameters: Readonly<Record<string, unknown>>): WithMetadata['Metadata'] & object {
  const told = Object.entries(parameters).filter(([key]) => !secrets.has(key));
  return { [section]: { Parameters: Object.fromEntries(told.map(([key, value]) => [key, parameterText(value)])) } };
}

/** What {@link parametersMetadata} wrote into a deployed template; undefined of one that has none. */
export function writtenParameters({ Metadata }: WithMetadata): Readonly<Record<string, string>> | undefined {
  return (Metadata?.[section] as { readonly Parameters?: Readonly<Record<string, string>> } | undefined)?.Parameters;
}

/** The value of a parameter as a text: that of a map is JSON. */
export function parameterText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
