/** `1 line`, `4,310 lines`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** One of what is counted: `a request`, `an alarm`. */
export function oneOf(nouns: string): string {
  const noun = nouns.replace(/s$/, '');
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A span of time as exactly as one wants to read it, in its two largest units: `3m 7s`, `2h 5m`, `4d`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  const [large, small] = units[units.findLastIndex(([{ seconds: size }]) => seconds >= size)] ?? units[0];
  const rest = Math.floor((seconds % large.seconds) / small.seconds);
  const whole = `${Math.floor(seconds / large.seconds)}${large.name}`;
  return rest === 0 ? whole : `${whole} ${rest}${small.name}`;
}

/** `999 B`, `1.2 kB`, `120 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const unit = bytes < 1e6 ? 'kB' : bytes < 1e9 ? 'MB' : 'GB';
  const value = bytes / (bytes < 1e6 ? 1e3 : bytes < 1e9 ? 1e6 : 1e9);
  return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
}

/** `12.5 %` of 0.125. */
export function percentText(part: number): string {
  return `${(part * 100).toLocaleString('en', { maximumFractionDigits: 2 })} %`;
}

/** `2026-11-22T16:03:01Z`. */
export function utcText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const [second, minute, hour, day] = [
  { name: 's', seconds: 1 },
  { name: 'm', seconds: 60 },
  { name: 'h', seconds: 3600 },
  { name: 'd', seconds: 86_400 },
] as const;

const units = [
  [minute, second],
  [hour, minute],
  [day, hour],
] as const;
