import { slack } from '../limits.js';
import { escapeLines } from './escape.js';

/** The Block Kit that messages use: https://docs.slack.dev/reference/block-kit/blocks */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Mrkdwn; readonly fields?: readonly Mrkdwn[] }
  | { readonly type: 'section'; readonly text?: never; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] };

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: boolean;
}

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** True keeps Slack from turning bare URLs, #channels and @names in log text into links. */
  readonly verbatim: boolean;
}

interface Button {
  readonly type: 'button';
  readonly text: PlainText;
  readonly url: string;
}

export interface SlackMessage {
  /** What notifications and screen readers give. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** Never true: Slack would fetch what a log line names. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** @param text escaped, as is everything that goes into a message. */
export function slackMessage(text: string, blocks: readonly SlackBlock[]): SlackMessage {
  return { text, blocks, unfurl_links: false, unfurl_media: false };
}

export function header(text: string): SlackBlock {
  return { type: 'header', text: plainText(text) };
}

export function section(text: string): SlackBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** A small grey line. */
export function context(text: string): SlackBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

/** A section with a heading and code as it is. */
export function codeSection(heading: string, code: string): SlackBlock {
  return section(`*${heading}*\n${fence(code)}`);
}

/** Whether code fits a {@link codeSection}; a heading has at most 100 characters. */
export function fitsCodeSection(code: string): boolean {
  return fence(code).length <= slack.maxSectionText - 100;
}

function fence(code: string): string {
  return `\`\`\`\n${escapeLines(code, Number.POSITIVE_INFINITY)}\n\`\`\``;
}

function plainText(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
