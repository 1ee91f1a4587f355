import type { Alert } from '../alerts/ports.js';
import type { HoldReason } from '../alerts/state/alertState.js';
import { valueFor } from '../alerts/title.js';
import { trendText } from '../alerts/usual.js';
import { windowOf } from '../conditions/window.js';
import { isSeveral } from '../signals/alertKey.js';
import type { TopValue } from '../signals/signal.js';
import { formatDuration } from '../text/statedDuration.js';
import { counted, spanText, utcText } from '../text/wording.js';
import { shownName } from '../where/aliases.js';
import { escapeLine, inlineCode } from './escape.js';

/** Labels and frequent values that a message shows, and what each may take of it. */
const [shownLabels, shownValues] = [6, 3];
const [maxName, maxLabel, maxValue, maxWhy] = [60, 160, 60, 200];

/** A value is told of when so much of the lines have it. */
const worthTelling = 0.1;

/** Of two times that are closer than this, milliseconds, nobody cares which was first. */
const MINUTE = 60_000;

/** `*critical* · service pay`: how bad it is, and of what. */
export function whoText(alert: Alert): string {
  const labels = { service: valueFor(alert, 'service') ?? '', ...alert.notice.labels };
  const shown = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .slice(0, shownLabels)
    .map(([name, value]) => `${escapeLine(shownName(name), maxName)} ${inlineCode(value, maxLabel)}`);
  const others = isSeveral(alert.key) ? ['all other keys'] : [];
  return [`*${alert.settings.severity}*`, ...shown, ...others].join(' · ');
}

/** How many lines and when; what is absent has none. */
export function whenText({ settings, notice }: Alert): string | undefined {
  const { count, first, last, suppressed, heldBy, since } = notice;
  if (count === 0) return undefined;
  const at = timeText(first);
  const when = last > first ? ` in ${spanText(last - first)} from ${at}` : `, ${at}`;
  const held =
    suppressed === 0 ? '' : `, ${suppressed.toLocaleString('en')} of them ${heldText(heldBy, settings.cooldown)}`;
  const known =
    since === undefined || since >= first - Math.max(MINUTE, windowOf(settings) ?? 0)
      ? ''
      : ` (first seen ${timeText(since)})`;
  return `${counted(count, 'line')}${when}${held}${known}`;
}

/** Once, in the reader's own time as Slack shows it; UTC where it can't be shown. */
export function timeText(time: number): string {
  return `<!date^${Math.floor(time / 1000)}^{date_short_pretty} {time_secs}|${utcText(time)}>`;
}

/** Why lines were held back. */
export function heldText(heldBy: HoldReason | undefined, cooldown: number): string {
  switch (heldBy?.by) {
    case undefined:
      return `during the ${formatDuration(cooldown)} cooldown`;
    case 'mute':
      return 'held back while the rule was muted';
    case 'silence':
      return `held back by a silence: ${escapeLine(heldBy.why, maxWhy)} (${inlineCode(heldBy.silence, maxWhy)})`;
    case 'unless firing':
      return `held back while ${inlineCode(heldBy.rule, maxWhy)} was firing`;
    case 'only if firing':
      return `held back until ${inlineCode(heldBy.rule, maxWhy)} fired`;
    case 'no lines':
      return 'held back while no new lines arrived';
    case 'shadow':
      return 'held back while the rule was in shadow mode';
  }
}

/** The windows before beside this one: `▁▁▂▁█ usually 3 lines, now 50 in 5m`. */
export function levelText(alert: Alert): string | undefined {
  const trend = trendText(alert);
  return trend && `\`${trend.line}\` ${trend.words}`;
}

/** `task 9f86 80 %, 1c2d 20 %`, a line for each column in which some values are frequent. */
export function topText({ notice: { top = {}, count } }: Alert): string {
  return Object.entries(top)
    .filter(([column]) => count > 1 || !isInSample.has(column))
    .flatMap(([column, values]) => {
      const lines = Math.max(
        count,
        values.reduce((sum, [, each]) => sum + each, 0),
      );
      const shown = values.filter(([, each]) => each / lines >= worthTelling).slice(0, shownValues);
      return shown.length === 0 ? [] : [`*${column}* ${shown.map((value) => shareText(value, lines)).join(', ')}`];
    })
    .join('\n');
}

/** The sample of one access line says these. */
const isInSample: ReadonlySet<string> = new Set(['status', 'path']);

function shareText([value, count]: TopValue, lines: number): string {
  const share = lines === 1 ? '' : count === lines ? ' all' : ` ${Math.round((count / lines) * 100)} %`;
  return `${inlineCode(value, maxValue)}${share}`;
}
