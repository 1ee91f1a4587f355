import { slack } from '../../shared/limits.js';
import { mentionsIn } from './mrkdwn.js';

/** A text object, or whatever else a client put into its place that Slack shows as text. */
export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

/** The blocks that the inbox can show: https://docs.slack.dev/reference/block-kit/blocks */
export type Block =
  | { readonly type: 'header'; readonly text: TextObject }
  | { readonly type: 'section'; readonly text?: TextObject; readonly fields?: readonly TextObject[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }
  | { readonly type: 'context'; readonly elements: readonly TextObject[] }
  | { readonly type: 'divider' };

/** A button that opens a page. */
export interface Button {
  readonly type: 'button';
  readonly text: TextObject;
  readonly url: string;
}

/** A message as the inbox keeps it. */
export interface SlackMessage {
  /** When it was posted, ms since the epoch. */
  readonly receivedAt: number;
  /** Whose webhook it was posted to. */
  readonly route: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Control sequences that would have notified somebody, such as `<!channel>`: log text that was not escaped. */
  readonly mentions: readonly string[];
}

/** What Slack answers to a message that it does not take: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export interface Refusal {
  readonly status: 400;
  readonly token: 'invalid_payload' | 'no_text' | 'invalid_blocks_format' | 'invalid_blocks' | 'msg_blocks_too_long';
  /** What Slack would not say: which part is at fault. */
  readonly detail: string;
}

export type Received = { readonly message: SlackMessage } | { readonly refusal: Refusal };

/** Checks the body of a post as Slack's webhooks do. */
export function receiveMessage(body: string, route: string, receivedAt: number): Received {
  const payload = parseObject(body);
  if (!payload) return refused('invalid_payload', 'the body is not a JSON object');
  const { text = '', blocks = [] } = payload;
  if (typeof text !== 'string') return refused('invalid_payload', 'text is not a string');
  if (!Array.isArray(blocks)) return refused('invalid_blocks_format', 'blocks is not a list');
  if (text === '' && blocks.length === 0) return refused('no_text', 'there is neither text nor a block');
  if (blocks.length > slack.maxBlocks)
    return refused('invalid_blocks', `${blocks.length} blocks; ${slack.maxBlocks} are allowed`);

  for (const [index, block] of blocks.entries()) {
    const fault = faultOf(block);
    if (fault) return refused('invalid_blocks', `block ${index}: ${fault}`);
  }
  const shown = (blocks as readonly Block[]).flatMap(textsOf);
  const length = shown.reduce((sum, part) => sum + part.text.length, 0);
  if (length > slack.maxBlocksText) {
    return refused('msg_blocks_too_long', `${length} characters in all blocks; ${slack.maxBlocksText} are allowed`);
  }
  const markup = [text, ...shown.filter(({ type }) => type === 'mrkdwn').map((part) => part.text)];
  const mentions = markup.flatMap(mentionsIn);
  return { message: { receivedAt, route, text: text.slice(0, slack.maxText), blocks, mentions } };
}

/** All the texts of a block, in the order in which they are read. */
function textsOf(block: Block): readonly TextObject[] {
  switch (block.type) {
    case 'header':
      return [block.text];
    case 'section':
      return [...(block.text ? [block.text] : []), ...(block.fields ?? [])];
    case 'actions':
      return block.elements.map((button) => button.text);
    case 'context':
      return block.elements;
    case 'divider':
      return [];
  }
}

function refused(token: Refusal['token'], detail: string): Received {
  return { refusal: { status: 400, token, detail } };
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const payload: unknown = JSON.parse(body);
    return isObject(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a block; undefined when nothing is. */
function faultOf(block: unknown): string | undefined {
  if (!isObject(block)) return 'it is not an object';
  const { type, text, fields, elements } = block;
  switch (type) {
    case 'header':
      return faultOfText(text, slack.maxHeaderText, ['plain_text']);
    case 'section':
      if (text === undefined && fields === undefined) return 'the section has neither text nor fields';
      return (
        (text === undefined ? undefined : faultOfText(text, slack.maxSectionText)) ??
        (fields === undefined ? undefined : faultOfTexts(fields, slack.maxSectionFields, slack.maxFieldText))
      );
    case 'actions':
      return faultOfButtons(elements);
    case 'context':
      return faultOfTexts(elements, slack.maxContextElements, slack.maxSectionText);
    case 'divider':
      return undefined;
    default:
      return `the inbox does not know blocks of type ${JSON.stringify(type)}`;
  }
}

function faultOfButtons(elements: unknown): string | undefined {
  if (!Array.isArray(elements) || elements.length === 0) return 'the list of buttons is missing or empty';
  if (elements.length > slack.maxActionElements)
    return `${elements.length} buttons; ${slack.maxActionElements} are allowed`;
  for (const button of elements) {
    const fault = faultOfButton(button);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfButton(button: unknown): string | undefined {
  if (!isObject(button)) return 'the button is not an object';
  const { type, text, url } = button;
  if (type !== 'button') return `the inbox does not know actions of type ${JSON.stringify(type)}`;
  if (typeof url !== 'string' || !URL.canParse(url)) return "the button's url is missing or not one";
  if (url.length > slack.maxButtonUrl)
    return `the button's url has ${url.length} characters; ${slack.maxButtonUrl} are allowed`;
  return faultOfText(text, slack.maxButtonText, ['plain_text']);
}

function faultOfTexts(texts: unknown, maxTexts: number, maxText: number): string | undefined {
  if (!Array.isArray(texts) || texts.length === 0) return 'the list of texts is missing or empty';
  if (texts.length > maxTexts) return `${texts.length} texts; ${maxTexts} are allowed`;
  for (const text of texts) {
    const fault = faultOfText(text, maxText);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfText(
  value: unknown,
  max: number,
  types: readonly unknown[] = ['plain_text', 'mrkdwn'],
): string | undefined {
  if (!isObject(value)) return 'the text is not a text object';
  const { type, text } = value;
  if (!types.includes(type)) return `the text is of type ${JSON.stringify(type)}; allowed: ${types.join(', ')}`;
  if (typeof text !== 'string' || text.length === 0) return 'the text is empty';
  return text.length > max ? `the text has ${text.length} characters; ${max} are allowed` : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
