import { expect } from '@jest/globals';
import fc from 'fast-check';
import { receiveMessage } from '../../local/slack/message.js';
import { parseMrkdwn } from '../../local/slack/mrkdwn.js';
import { slack } from '../../shared/limits.js';
import type { SlackBlock, SlackMessage } from '../../shared/slack/blocks.js';

/** What a log line may hold to fool Slack, its readers, or the one who cuts it. */
export const nastyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '`',
      '```',
      '\n',
      '\r',
      '<!channel>',
      '<@U1>',
      '<#C1|x>',
      '<https://evil.example|ok>',
    ),
    fc.constantFrom('&amp;', '*', '_', '~', '😀', '\u001B[1m', "'", '"', '{', '}', '\\', '\u202E', '\u2066', '\uD800'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  maxLength: 700,
});

/** Slack takes the message, and nothing in it mentions anybody, leaves its fence or forges a link. */
export function expectSlackTakes(message: SlackMessage): void {
  const received = receiveMessage(JSON.stringify(message), 'default', 0);
  expect(received).not.toHaveProperty('refusal');
  expect(received).toMatchObject({ message: { mentions: [] } });
  expect(message.text.length).toBeLessThanOrEqual(slack.advisedText);
  for (const text of [message.text, ...message.blocks.flatMap(textsOf)]) expectSafe(text);
}

function textsOf(block: SlackBlock): string[] {
  switch (block.type) {
    case 'header':
      return [block.text.text];
    case 'section':
      return [...(block.text ? [block.text] : []), ...(block.fields ?? [])].map(({ text }) => text);
    case 'actions':
      return block.elements.map(({ text }) => text.text);
    case 'context':
      return block.elements.map(({ text }) => text);
  }
}

/** No syntax but our own, no broken entity, no broken character, and every fence closed. */
function expectSafe(text: string): void {
  const ours = text
    .replace(/<!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[\dTZ:-]+>/g, '')
    .replace(/<https?:[^<>|\s]+\|(📖 Runbook|🔎 Query|🔕 Silence)>/gu, '');
  expect(ours).not.toMatch(/[<>]/);
  expect(ours.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect(text).not.toMatch(/\p{Surrogate}|\p{Bidi_Control}/u);
  expect(parseMrkdwn(ours).filter(({ kind }) => kind === 'link' || kind === 'mention')).toEqual([]);
  const fences = text.match(/```/g)?.length ?? 0;
  expect([0, 2]).toContain(fences);
  if (fences === 2) expect(text).toMatch(/^\*.+\*\n```\n[\s\S]*\n```$/);
}
