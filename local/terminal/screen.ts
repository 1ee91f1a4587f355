import pc from 'picocolors';
import { borderlessTable } from './borderlessTable.js';
import { wrapWords } from './wrapWords.js';

export { bytesText as bytes } from '../../shared/text/wording.js';

/** What the demo writes on: indented, coloured where the terminal has colours, never wider than 100 columns. */
export class Screen {
  readonly width: number;
  readonly color = pc.isColorSupported;
  private steps = 0;
  private blank = false;

  constructor(
    columns: number | undefined,
    private readonly write: (text: string) => void = console.log,
  ) {
    this.width = Math.min(columns ?? 100, 104) - INDENT.length;
  }

  title(name: string, subtitle: string): void {
    this.gap();
    this.wrapped(`  ${pc.bold(pc.cyan(name))}  `, name.length + 4, subtitle, pc.dim);
  }

  step(name: string, text: string): void {
    this.gap();
    const label = ` ${++this.steps} ${name} `;
    this.wrapped(`  ${pc.inverse(pc.cyan(label))}  `, label.length + 4, text, pc.bold);
    this.gap();
  }

  /** The first column stands left, the others right. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const table = borderlessTable('   ', {
      colAligns: head.map((_, index) => (isText(rows, index) ? 'left' : 'right')),
    });
    table.push(
      head.map((text) => pc.dim(text)),
      ...rows.map((row) => [...row]),
    );
    this.block(table.toString());
  }

  question(text: string, sql: string): void {
    const lines = sql.split('\n').map((line) => pc.cyan(line));
    this.block([pc.bold(text), ...lines].join('\n'));
  }

  /** Several lines with a blank line behind them. */
  block(text: string): void {
    for (const line of text.split('\n')) this.print(`${INDENT}${line}`);
    this.gap();
  }

  bullet(text: string): void {
    this.wrapped(`${INDENT}${pc.dim('·')} `, INDENT.length + 2, text);
  }

  note(text: string): void {
    this.wrapped(`${INDENT}${pc.green('✓')} `, INDENT.length + 2, text);
  }

  /** Text behind a start of so many characters, its further lines below its first. */
  private wrapped(start: string, length: number, text: string, paint: (line: string) => string = (line) => line): void {
    const lines = wrapWords(text, this.width + INDENT.length - length);
    for (const [index, line] of lines.entries()) {
      this.print(`${index === 0 ? start : ' '.repeat(length)}${paint(line)}`);
    }
  }

  private print(line: string): void {
    this.write(line.trimEnd());
    this.blank = line.trim() === '';
  }

  /** Exactly one blank line, however many were asked for. */
  private gap(): void {
    if (!this.blank) this.print('');
  }
}

const INDENT = '     ';

function isText(rows: readonly (readonly string[])[], index: number): boolean {
  return rows.some((row) => !/^[$\d]/.test(row[index] ?? ''));
}

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

export function dollars(n: number): string {
  return `$${n.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
