import { slack } from '../../shared/limits.js';
import type { SlackMessage } from '../slack/message.js';
import type { Published } from './snsApi.js';

/** An e-mail as the inbox shows it, in a channel with the topic's name. */
export function shownEmail({ topic, subject, message }: Published, receivedAt: number): SlackMessage {
  const name = (topic.split(':').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const pieces = message.match(new RegExp(`.{1,${slack.maxSectionText}}`, 'gsu')) ?? [];
  const shown = pieces.map((text) => ({ type: 'section', text: { type: 'plain_text', text } }) as const);
  const header = { type: 'header', text: { type: 'plain_text', text: subject || 'no subject' } } as const;
  return { receivedAt, route: `sns-${name}`.slice(0, 64), text: subject, blocks: [header, ...shown], mentions: [] };
}
