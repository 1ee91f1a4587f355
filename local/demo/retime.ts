/**
 * Moves every time in a recorded line by one constant, so that a recording looks as if it were made just now: logs of
 * another day would be filed by their arrival, and "the last 15 minutes" would be empty.
 */
export function retime(line: string, offsetMs: number): string {
  const offset = Math.round(offsetMs / 1000) * 1000;
  const shift = (text: string) => new Date(Date.parse(text) + offset).toISOString();
  return line
    .replace(/\b(\d{4})([-/])(\d\d)\2(\d\d)([T ])(\d\d:\d\d:\d\d)/g, (_, year, separator, month, day, t, time) => {
      const moved = shift(`${year}-${month}-${day}T${time}Z`);
      return `${moved.slice(0, 10).replaceAll('-', separator)}${t}${moved.slice(11, 19)}`;
    })
    .replace(/\b(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d)/g, (_, day, month, year, time) => {
      const [, movedDay, movedMonth, movedYear, movedTime] =
        /, (\d\d) (\w{3}) (\d{4}) (\S+)/.exec(
          new Date(Date.parse(`${day} ${month} ${year} ${time} UTC`) + offset).toUTCString(),
        ) ?? [];
      return `${movedDay}/${movedMonth}/${movedYear}:${movedTime}`;
    })
    .replace(/("(?:time|timestamp|ts)":)(\d{13})\b/g, (_, key, ms) => `${key}${Number(ms) + offset}`);
}
