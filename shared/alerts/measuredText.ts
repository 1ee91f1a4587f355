import type { Rule } from '../rules/language/rule.js';
import { formatDuration } from '../text/statedDuration.js';
import { counted, percentText, spanText, utcText } from '../text/wording.js';
import type { Alert } from './ports.js';

const DAY = 86_400_000;

/**
 * What the rule's condition measured, in words; undefined where the number of lines says it all: for a match, and when
 * the rule was changed to another type since.
 *
 * @param show writes a value of a log line, or a column's name, as the destination of the text needs it.
 */
export function measuredText(
  { settings: rule, notice: { measured, last } }: Alert,
  show: (text: string) => string = asItIs,
): string | undefined {
  switch (measured.type) {
    case 'match':
      return undefined;
    case 'frequency':
      if (rule.type !== 'frequency') return undefined;
      return `${counted(measured.count, 'line')} in ${formatDuration(rule.window)}, ${rule.threshold.toLocaleString('en')} are enough`;
    case 'spike':
      return rule.type === 'spike' ? spikeText(measured, rule.window) : undefined;
    case 'ratio':
      return rule.type === 'ratio' ? ratioText(measured, rule) : undefined;
    case 'new':
      if (rule.type !== 'new') return undefined;
      if (measured.before === undefined) return `new: not seen in the ${formatDuration(rule.remember)} before`;
      return `new again: not seen since ${utcText(measured.before)}`;
    case 'cardinality': {
      if (rule.type !== 'cardinality') return undefined;
      const distinct = `${measured.exact ? '' : 'about '}${measured.distinct.toLocaleString('en')}`;
      const bound = rule.above.toLocaleString('en');
      return `${distinct} different ${show(rule.of)} in ${formatDuration(rule.window)}, more than ${bound}`;
    }
    case 'absence':
      return rule.type === 'absence' ? absenceText(measured.lastSeen, last, rule.window) : undefined;
    case 'change':
      if (rule.type !== 'change') return undefined;
      return `${show(rule.of)} changed from "${show(measured.from)}" to "${show(measured.to)}"`;
  }
}

function spikeText({ current, previous }: { current: number; previous: number }, window: number): string {
  const [lines, length] = [counted(current, 'line'), formatDuration(window)];
  if (previous === 0) return `${lines} in ${length} after none in the ${length} before`;
  const factor = (current / previous).toLocaleString('en', { maximumFractionDigits: 1 });
  return `${factor} times the ${length} before: ${lines} after ${previous.toLocaleString('en')}`;
}

function ratioText(
  { matched, total }: { matched: number; total: number },
  { window, above, below }: Extract<Rule, { type: 'ratio' }>,
): string {
  const share = percentText(total === 0 ? 0 : matched / total);
  const bounds = [
    ...(above === undefined ? [] : [`above ${percentText(above)}`]),
    ...(below === undefined ? [] : [`below ${percentText(below)}`]),
  ];
  const lines = `${matched.toLocaleString('en')} of ${counted(total, 'line')}`;
  return [`${share} (${lines}) in ${formatDuration(window)}`, bounds.join(' or ')].join(', ');
}

/** @param until what the silence is measured up to. */
function absenceText(lastSeen: number | undefined, until: number, window: number): string {
  if (lastSeen === undefined) return `nothing for ${formatDuration(window)}, and nothing before`;
  const silent = Math.max(window, until - lastSeen);
  const since = utcText(lastSeen);
  return `nothing since ${silent < DAY ? since.slice(11, 19) : since.slice(0, 19).replace('T', ' ')} UTC (${spanText(silent)})`;
}

function asItIs(text: string): string {
  return text;
}
