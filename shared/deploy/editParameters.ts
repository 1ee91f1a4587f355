import { isMap, parseDocument, stringify } from 'yaml';

/**
 * The text of infra/parameters.yml with values for a stage: in its section, which is added when there is none. A value that the
 * stage has anyway, by `default`, is not repeated. What else stands in the file stays as it is.
 *
 * @param values by key; undefined ones are left alone
 */
export function editParameters(text: string, stage: string, values: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text);
  const given = Object.entries(values).filter(([key, value]) => {
    if (value === undefined) return false;
    const current = document.getIn([stage, key]) ?? document.getIn(['default', key]);
    return JSON.stringify(current) !== JSON.stringify(value);
  });
  if (given.length === 0) return text;
  if (!isMap(document.get(stage))) {
    const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${start}\n${stringify({ [stage]: Object.fromEntries(given) }, { lineWidth: 0 })}`;
  }
  for (const [key, value] of given) document.setIn([stage, key], value);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
