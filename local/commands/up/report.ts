import pc from 'picocolors';
import { counted } from '../../../shared/text/wording.js';
import type { StackEmitter } from '../../events.js';
import { renderForTerminal } from '../../slack/render.js';
import { printable } from '../../terminal/printable.js';

/** Tells what happens, on standard error: standard output is for the addresses alone. */
export function report(events: StackEmitter, { isTTY, columns }: { isTTY?: boolean; columns?: number }): void {
  const line = (text: string) => process.stderr.write(`${text}\n`);
  events.on('delivered', ({ key, bytes }) => {
    // The object's name is for programs; it would take two lines of a terminal.
    const shown = isTTY ? key.slice(0, key.lastIndexOf('/') + 1) : key;
    line(`${pc.green('delivered')} ${shown} (${bytes.toLocaleString('en-US')} bytes)`);
  });
  events.on('failed', ({ records, errorType, code, message }) =>
    line(`${pc.red('failed')} ${records} records to ${errorType}: ${code} ${message}`),
  );
  events.on('invoked', ({ function: name, outcome, log }) => {
    if (outcome === 'returned') return;
    line(
      `${pc.red(outcome)} ${name}: ${log === undefined ? 'the event is too large' : `see ${log} in the data folder`}`,
    );
  });
  events.on('reloaded', ({ config, rules }) => line(`${pc.green('reloaded')} ${config} and ${rules}`));
  events.on('forwarded', ({ entries }) => line(`${pc.green('forwarded')} ${counted(entries, 'row')} to the intake`));
  events.on('alert', (message) => {
    // What a notification would show; the inbox has the whole message.
    const brief = { ...message, blocks: [] };
    const shown = { columns: Math.min(columns ?? 80, 100), color: pc.isColorSupported };
    if (isTTY) line(renderForTerminal(brief, shown));
    else line(`${pc.magenta('alert')} ${printable(message.text.split('\n')[0] ?? '')} · #${message.route}`);
  });
  events.on('problem', (message) => line(`${pc.yellow('problem')} ${message}`));
}
