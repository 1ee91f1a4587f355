import { digestTitle } from '../alerts/digestTitle.js';
import { endingWord, unknownText } from '../alerts/endingText.js';
import { groupTitle, isOfGroup } from '../alerts/groups/groupTitle.js';
import type { Alert, Post } from '../alerts/ports.js';
import type { Ending } from '../alerts/state/alertState.js';
import { teams } from '../limits.js';
import type { Rule } from '../rules/language/rule.js';
import { incidentsOf } from './incidents.js';

/** What a workflow of Teams posts as a card: https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    { readonly contentType: string; readonly content: Readonly<Record<string, unknown>> },
  ];
}

/** Characters of a value that is shown. */
const maxText = 1000;

/** A card that names the alerts of the message, within the size that Teams takes. */
export function teamsMessage(post: Post, rules: readonly Rule[]): TeamsMessage {
  const incidents = incidentsOf(post, rules);
  const lines = incidents.flatMap(({ title, isOver, ending, severity, details }) => [
    text(`${isOver ? endMark(ending) : marks[severity]} ${title}`, { weight: 'Bolder' }),
    ...(ending ? [text(unknownText(ending), {})] : []),
    ...(isOver ? [] : shownOf(details).map((each) => text(each, { fontType: 'Monospace' }))),
  ]);
  const links = incidents.length === 1 ? (incidents[0]?.links ?? []) : [];
  for (let shown = lines.length; ; shown--) {
    const message = card([text(titleOf(post), { weight: 'Bolder', size: 'Medium' }), ...lines.slice(0, shown)], links);
    if (shown === 0 || Buffer.byteLength(JSON.stringify(message)) <= teams.maxMessageBytes) return message;
  }
}

function endMark(ending: Ending | undefined): string {
  return ending ? `🔇 ${endingWord({ ending })}` : '✅ Over';
}

const marks = { critical: '🔴', warning: '🟠', info: '🔵' } as const;

function titleOf(post: Post): string {
  if (post.kind === 'alert') return post.alert.notice.kind === 'resolved' ? endTitle(post.alert.notice) : 'An alert';
  return isOfGroup(post.digest) ? groupTitle(post.digest) : digestTitle(post.digest);
}

function endTitle({ ending }: Alert['notice']): string {
  switch (ending?.as) {
    case undefined:
      return 'An alert is over';
    case 'silent':
      return 'An alert fell silent';
    case 'given up':
      return 'An alert is given up';
  }
}

function shownOf(details: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(details).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`.slice(0, maxText)],
  );
}

/** The text of a run is shown as it is: no Markdown in it is read. */
function text(shown: string, style: Readonly<Record<string, string>>) {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: shown.slice(0, maxText), ...style }] };
}

function card(
  body: readonly unknown[],
  links: readonly { readonly url: string; readonly text: string }[],
): TeamsMessage {
  const actions = links.map(({ url, text: title }) => ({ type: 'Action.OpenUrl', title, url }));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    ...{ type: 'AdaptiveCard', version: '1.4', body, actions, msteams: { width: 'Full' } },
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}
