import { windowOf } from '../conditions/window.js';
import { type Trend, usualOf } from '../signals/trend.js';
import { sparkline } from '../text/sparkline.js';
import { formatDuration } from '../text/statedDuration.js';
import { percentText } from '../text/wording.js';
import type { Alert } from './ports.js';

/** What windows of the key usually have, in words: `3`, or `0.4 %` of a share; undefined while too few are known. */
export function usualText({ notice: { trend } }: Alert): string | undefined {
  const usual = trend && usualOf(trend);
  return trend && usual !== undefined ? levelText(usual, trend.unit) : undefined;
}

/** The windows before and the one that is told of, as a line of blocks and in words; undefined where nothing is known of before. */
export function trendText(alert: Alert): { readonly line: string; readonly words: string } | undefined {
  const { trend } = alert.notice;
  const window = windowOf(alert.settings);
  if (!trend || window === undefined) return undefined;
  const { windows, unit } = trend;
  const usual = usualText(alert);
  const now = levelText(windows.at(-1) ?? 0, unit);
  const what = unit !== 'lines' ? '' : (usual ?? now) === '1' ? ' line' : ' lines';
  const words = usual === undefined ? `now ${now}${what}` : `usually ${usual}${what}, now ${now}`;
  return { line: sparkline(windows), words: `${words} in ${formatDuration(window)}` };
}

function levelText(level: number, unit: Trend['unit']): string {
  return unit === 'share' ? percentText(level) : level.toLocaleString('en');
}
