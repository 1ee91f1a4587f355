/** The text of a line with its time in it, as `{time}` and its like ask for. @param at ms since the epoch */
export function dated(text: string, at: number): string {
  if (!text.includes('{')) return text;
  const iso = new Date(at).toISOString();
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
  return text
    .replaceAll('[{time}]', () => `[${accessTime(at)}]`)
    .replaceAll('time={time}', `time=${iso}`)
    .replaceAll('{time}', `${day} ${clock}.${iso.slice(20, 23)}`)
    .replaceAll('{slashed}', `${day.replaceAll('-', '/')} ${clock}`)
    .replaceAll('{gunicorn}', `${day} ${clock} +0000`)
    .replaceAll('{iso}', iso)
    .replaceAll('{ms}', String(at));
}

/** `05/Jan/2026:09:00:00 +0000`. */
function accessTime(at: number): string {
  const [, day, month, year, clock] = /, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
