import { readFile } from 'node:fs/promises';
import parametersSchema from '../../infra/parameters.schema.json' with { type: 'json' };
import { parseSource } from '../../shared/yaml/source.js';

type Sections = Readonly<Record<string, unknown>>;

/**
 * What serverless.yml takes for its `params`: the sections of infra/parameters.yml, with a value in `default` for each parameter that has
 * none there. The framework replaces variables before any plugin is asked, and of a misspelt key would name each place that
 * misses it; with this the plugin comes to say where it was misspelt. Null where the file itself can't be read: the framework says why.
 */
export async function stagesParameters(path = 'infra/parameters.yml'): Promise<Sections | null> {
  const source = parseSource({ path, text: await readFile(path, 'utf8').catch(() => '') });
  if (source.problems || !isSection(source.value)) return null;
  const { default: stated = {}, ...stages } = source.value;
  return { default: isSection(stated) ? withSubstitutes(stated) : stated, ...stages };
}

/** A key without a value has none, as little as one that is not there. */
function withSubstitutes(stated: Sections): Sections {
  return { ...substitutes, ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== null)) };
}

const substitutes = Object.fromEntries(
  Object.entries(parametersSchema.definitions.parameters.properties).map(([key, parameter]) => [
    key,
    'default' in parameter ? parameter.default : '',
  ]),
);

function isSection(value: unknown): value is Sections {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export default () => stagesParameters();
