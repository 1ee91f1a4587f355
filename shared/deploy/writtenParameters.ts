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

/** The metadata of a template that says what its deployment was told, but for secrets: `firesplit doctor --aws` compares it. */
export function parametersMetadata(parameters: Readonly<Record<string, unknown>>): WithMetadata['Metadata'] & object {
  return {
    [section]: { Parameters: Object.fromEntries(Object.entries(parameters).filter(([key]) => !secrets.has(key))) },
  };
}

/** What {@link parametersMetadata} wrote into a deployed template; undefined of one that has none. */
export function writtenParameters({ Metadata }: WithMetadata): Readonly<Record<string, unknown>> | undefined {
  return (Metadata?.[section] as { readonly Parameters?: Readonly<Record<string, unknown>> } | undefined)?.Parameters;
}
