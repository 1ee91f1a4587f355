import type { LogType } from '../../shared/line/schema/index.js';
import { type Level, levels } from '../../shared/parse/values/level.js';
import { compileGlob } from '../../shared/text/glob.js';
import type { TailedRow } from '../console/tail.js';

export interface TailFilter {
  /** A name or a glob. */
  readonly service?: string | undefined;
  readonly types?: readonly LogType[] | undefined;
  /** This level or a higher one. */
  readonly level?: Level | undefined;
  /** Found anywhere in the row's values. */
  readonly grep?: RegExp | undefined;
}

/** What decides whether a row is shown. */
export function compileFilter({ service, types, level, grep }: TailFilter): (row: TailedRow) => boolean {
  const isWanted = service === undefined ? undefined : compileGlob(service);
  const least = level === undefined ? -1 : levels.indexOf(level);
  return (tailed) => {
    const { type, row } = tailed;
    if (types && !types.includes(type)) return false;
    if (isWanted && !isWanted(String(row.service ?? ''))) return false;
    // A line that states no level is shown when none is asked for.
    if (least >= 0 && levels.indexOf(levelOf(tailed) ?? 'trace') < least) return false;
    return !grep || Object.values(row).some((value) => grep.test(String(value)));
  };
}

/** The level that a row states; of an access line what its status comes to, of an error without any `error`. */
export function levelOf({ type, row }: TailedRow): Level | undefined {
  if (type === 'access') {
    const status = Number(row.status ?? 0);
    if (status >= 500) return 'error';
    return status >= 400 ? 'warn' : 'info';
  }
  return levels.find((level) => level === row.level) ?? (type === 'error' ? 'error' : undefined);
}
