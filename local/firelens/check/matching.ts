import { type ConfSection, sectionsOf } from '../conf.js';
import type { Container } from './task.js';

/** The outputs of the configuration that take the container's lines; what goes to `null` goes nowhere. */
export function outputsFor(conf: readonly ConfSection[], container: Container): ConfSection[] {
  return sectionsOf(conf, 'OUTPUT').filter((output) => nameOf(output) !== 'null' && takes(output, container));
}

/** Name of the plugin, of which Fluent Bit ignores the case. */
export function nameOf({ settings }: ConfSection): string {
  return (settings.get('name') ?? '').toLowerCase();
}

/** Whether a filter or an output is about the container's lines, to which ECS gives the tag `NAME-firelens-TASK`. */
export function takes({ settings }: ConfSection, { name }: Container): boolean {
  const tag = `${name}-firelens-id`;
  const pattern = settings.get('match');
  if (pattern !== undefined) return globOf(pattern).test(tag);
  const regex = settings.get('match_regex');
  return regex !== undefined && matchesRegex(regex, tag);
}

/** As Fluent Bit has it: an asterisk stands for any text. */
function globOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** What only Fluent Bit's regular expressions know can't be read here and counts as no match. */
function matchesRegex(source: string, tag: string): boolean {
  try {
    return new RegExp(source).test(tag);
  } catch {
    return false;
  }
}
