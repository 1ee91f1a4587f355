import pc from 'picocolors';
import { type NamedQuery, namedQueries } from '../../shared/athena/namedQueries.js';
import { nearestWord } from '../../shared/yaml/nearest.js';

/** @throws Error that lists the names when there is none of this one */
export function namedQuery(name: string): NamedQuery {
  const found = namedQueries.find((query) => query.name === name);
  if (found) return found;
  const names = namedQueries.map((query) => query.name);
  const nearest = nearestWord(name, names);
  throw new Error(
    `there is no saved query "${name}"; ${nearest ? `did you mean "${nearest}"?` : `they are ${names.join(', ')}`}`,
  );
}

/** All of them, for the terminal or as JSON. */
export function namedQueryList(asJson: boolean): string {
  if (asJson) return JSON.stringify(namedQueries);
  const width = Math.max(...namedQueries.map(({ name }) => name.length));
  return namedQueries.map(({ name, about }) => `${pc.bold(name.padEnd(width))}  ${about}`).join('\n');
}
