import { endingWord, unknownText } from '../alerts/endingText.js';
import type { Post } from '../alerts/ports.js';
import { opsgenie } from '../limits.js';
import type { Rule } from '../rules/language/rule.js';
import { type Incident, incidentsOf } from './incidents.js';

/** A request to Opsgenie's API of alerts, `path` behind `/v2/alerts`: https://docs.opsgenie.com/docs/alert-api */
export interface OpsgenieRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const priorities = { critical: 'P1', warning: 'P3', info: 'P5' } as const;

/** One request for each alert that a message tells of: an alert of Opsgenie has the rule and key as its alias. */
export function opsgenieRequests(post: Post, rules: readonly Rule[]): OpsgenieRequest[] {
  return incidentsOf(post, rules).map(requestOf);
}

function requestOf({ id, isOver, ending, title, severity, service, rule, details, links }: Incident): OpsgenieRequest {
  const source = 'Firesplit';
  if (isOver) {
    const note = ending ? `${endingWord({ ending })}: ${title}: ${unknownText(ending)}` : title;
    return {
      path: `/${id}/close?identifierType=alias`,
      body: { source, note: note.slice(0, opsgenie.maxDescription) },
    };
  }
  const texts = Object.entries(details).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  const description = [
    ...texts.map(([name, text]) => `${name}: ${text}`),
    ...links.map(({ url, text }) => `${text}: ${url}`),
  ];
  return {
    path: '',
    body: {
      message: title.slice(0, opsgenie.maxMessage),
      alias: id,
      description: description.join('\n').slice(0, opsgenie.maxDescription),
      priority: priorities[severity],
      source,
      tags: ['firesplit', rule.slice(0, opsgenie.maxTag)],
      ...(service === undefined ? {} : { entity: service.slice(0, opsgenie.maxEntity) }),
    },
  };
}
