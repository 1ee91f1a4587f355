import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { Block, Button, SlackMessage, TextObject } from './message.js';
import { decodeEntities, formatDate, type Piece, parseMrkdwn } from './mrkdwn.js';

export interface TerminalOptions {
  /** Width in characters. */
  readonly columns: number;
  readonly color: boolean;
  /** Of the reader, an IANA name; the machine's own when absent. */
  readonly timeZone?: string;
}

type Paint = ReturnType<typeof pc.createColors>;

/** A message as Slack would show it, for a terminal: lines joined by newlines, without one at the end. */
export function renderForTerminal(message: SlackMessage, options: TerminalOptions): string {
  const paint = pc.createColors(options.color);
  const bar = barPaint(message, paint)('┃');
  const body = new TerminalText(options, paint);
  const blocks = message.blocks.length > 0 ? message.blocks : [fallbackBlock(message)];
  const lines = blocks.flatMap((block, index) => {
    const gap = index > 0 && block.type !== 'context' ? [''] : [];
    return [...gap, ...body.block(block)];
  });
  const warning = message.mentions.map((mention) => paint.red(`⚠ would notify: ${printable(mention)}`));
  return [...lines, ...warning].map((line) => `${bar} ${line}`.trimEnd()).join('\n');
}

/** The colour of the mark that the message begins with (see `marks`). */
function barPaint({ text }: SlackMessage, paint: Paint): (text: string) => string {
  if (text.startsWith('🔴')) return paint.red;
  if (text.startsWith('🟠')) return paint.yellow;
  if (text.startsWith('🔵')) return paint.blue;
  return text.startsWith('✅') ? paint.green : paint.gray;
}

function fallbackBlock({ text }: SlackMessage): Block {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

class TerminalText {
  readonly #paint: Paint;
  readonly #width: number;
  readonly #timeZone: string | undefined;

  constructor({ columns, timeZone }: TerminalOptions, paint: Paint) {
    this.#paint = paint;
    // The bar and the space beside it.
    this.#width = Math.max(20, columns - 2);
    this.#timeZone = timeZone;
  }

  block(block: Block): string[] {
    switch (block.type) {
      case 'header':
        return this.#wrap(plain(block.text)).map(this.#paint.bold);
      case 'section':
        return this.#section(block);
      case 'actions':
        return block.elements.flatMap((button) => this.#button(button));
      case 'context':
        return block.elements.flatMap((element) => this.#wrap(plain(element)).map(this.#paint.dim));
      case 'divider':
        return [this.#paint.dim('─'.repeat(this.#width))];
    }
  }

  #section({ text, fields = [] }: Extract<Block, { type: 'section' }>): string[] {
    const gap = text && fields.length > 0 ? [''] : [];
    return [...(text ? this.#text(text) : []), ...gap, ...this.#fields(fields)];
  }

  #text(text: TextObject, width = this.#width): string[] {
    if (text.type === 'plain_text') return this.#wrap(plain(text), width);
    const lines: string[] = [];
    let open = '';
    for (const piece of parseMrkdwn(text.text)) {
      if (piece.kind !== 'fence') {
        open += this.#piece(piece);
        continue;
      }
      if (open.trim() !== '') lines.push(...this.#wrap(open.replace(/\n$/, ''), width));
      open = '';
      lines.push(...this.#fence(piece.text));
    }
    return open.trim() === '' ? lines : [...lines, ...this.#wrap(open, width)];
  }

  #button({ text, url }: Button): string[] {
    return this.#wrap(`${this.#paint.bold(`[ ${plain(text)} ]`)} ${this.#paint.dim(printable(url))}`);
  }

  /** Two columns, row by row, as Slack sets them. */
  #fields(fields: readonly TextObject[]): string[] {
    const column = Math.floor(this.#width / 2);
    const cells = fields.map((field) => this.#text(field, column - 1));
    const lines: string[] = [];
    for (let at = 0; at < cells.length; at += 2) {
      const [left = [], right = []] = [cells[at], cells[at + 1]];
      for (let row = 0; row < Math.max(left.length, right.length); row++) {
        lines.push(`${padded(left[row] ?? '', column)}${right[row] ?? ''}`);
      }
    }
    return lines;
  }

  #fence(code: string): string[] {
    const lines = printable(code)
      .split('\n')
      .flatMap((line) => pieces(line, this.#width - 2));
    return lines.map((line) => `${this.#paint.dim('│')} ${this.#paint.cyan(line)}`);
  }

  #piece(piece: Piece): string {
    const text = printable(piece.kind === 'date' ? formatDate(piece.at, piece.format, this.#timeZone) : piece.text);
    switch (piece.kind) {
      case 'bold':
        return this.#paint.bold(text);
      case 'italic':
        return this.#paint.italic(text);
      case 'strike':
        return this.#paint.strikethrough(text);
      case 'code':
        return this.#paint.magenta(text);
      case 'mention':
        return this.#paint.inverse(text);
      case 'link':
        return `${this.#paint.underline(text)} ${this.#paint.dim(`(${printable(piece.href)})`)}`;
      default:
        return text;
    }
  }

  /** Breaks at spaces; a word longer than a line keeps its line to itself. */
  #wrap(text: string, width = this.#width): string[] {
    return text.split('\n').flatMap((line) => {
      const lines = [''];
      for (const word of line.split(' ')) {
        const last = lines.at(-1) ?? '';
        const longer = last === '' ? word : `${last} ${word}`;
        if (last !== '' && lengthOf(longer) > width) lines.push(word);
        else lines[lines.length - 1] = longer;
      }
      return lines;
    });
  }
}

function plain({ type, text }: TextObject): string {
  if (type === 'plain_text') return printable(decodeEntities(text));
  return printable(
    parseMrkdwn(text)
      .map((piece) => piece.text)
      .join(''),
  );
}

/** What a sender put into a message must not steer the terminal. */
function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '    ')
    .replace(/(?!\n)\p{Cc}/gu, ' ');
}

function lengthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function padded(text: string, width: number): string {
  return `${text}${' '.repeat(Math.max(1, width - lengthOf(text)))}`;
}

/** Code in lines of a width: broken behind a blank if there is one, else where the line is full. */
function pieces(line: string, width: number): string[] {
  const rows: string[] = [];
  let rest = [...line];
  while (rest.length > width) {
    // A blank in the indentation is no place to break.
    const blank = rest.lastIndexOf(' ', width - 1) + 1;
    const end = blank > rest.findIndex((character) => character !== ' ') ? blank : width;
    rows.push(rest.slice(0, end).join(''));
    rest = rest.slice(end);
  }
  return [...rows, rest.join('')];
}
