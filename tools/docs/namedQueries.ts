import { stringify } from 'yaml';
import { namedQueries } from '../../shared/athena/namedQueries.js';

/** infra/resources/queries.yml: the queries saved in the workgroup. */
export function namedQueryResources(): string {
  const resources = namedQueries.map(({ name, about, sql }) => [
    resourceName(name),
    {
      Type: 'AWS::Athena::NamedQuery',
      Properties: {
        Database: { Ref: 'LogsDatabase' },
        WorkGroup: { Ref: 'QueryWorkGroup' },
        Name: name,
        Description: about,
        QueryString: sql,
      },
    },
  ]);
  const head =
    '# What people ask first, saved in the workgroup. Made from shared/athena/namedQueries.ts by `npm run docs`.\n';
  return head + stringify({ Resources: Object.fromEntries(resources) }, { lineWidth: 0, blockQuote: 'literal' });
}

/** The table of docs/query.md. */
export function namedQueryTable(): string[] {
  return [
    '',
    '| Query | What its rows say |',
    '| --- | --- |',
    ...namedQueries.map(({ name, about }) => `| \`${name}\` | ${about} |`),
    '',
  ];
}

/** `http-5xx` is `Http5xxQuery`. */
function resourceName(name: string): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Query`;
}
