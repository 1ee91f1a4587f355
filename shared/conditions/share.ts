/** A part of 1, or a percentage such as `5%`, as a rule file states it. */
export type StatedShare = number | string;

export const shareAdvice = 'write a share from 0 to 1, or a percentage such as "5%"';

/** 0.05 for 0.05 and for `5%`. */
export function toShare(stated: StatedShare): number {
  if (typeof stated === 'number') return stated;
  // 99.9 / 100 is not quite 0.999.
  return Math.round(Number.parseFloat(stated) * 1e10) / 1e12;
}
