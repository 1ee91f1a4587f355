import { retime } from '../../local/ship/retime.js';

/**
 * A recorded line as another round of the same traffic would have written it: later, with other request ids, clients,
 * orders, sizes and durations, while user agents, referers and texts repeat as they do in life. The same text becomes
 * the same text throughout a round, so that a round compresses as well as its recording, and no better.
 */
export function vary(line: string, round: number, offsetMs: number): string {
  return retime(line, offsetMs).replace(varying, (text) => renumber(text, round));
}

const varying = new RegExp(
  [
    // Request ids.
    String.raw`\b[0-9a-f]{32}\b`,
    // Clients: the documentation's own address ranges.
    String.raw`\b(?:203\.0\.113|198\.51\.100|192\.0\.2)\.\d{1,3}\b`,
    String.raw`\b2001:db8:[0-9a-f:]+`,
    // What was asked for.
    String.raw`(?<=/api/[a-z]+/)\d{3,}`,
    String.raw`(?<=order[ =]|cart |"orderId":|"id":|"cart":")\d{3,}`,
    // Sizes and durations: after the status of a combined line, at its end, under their key elsewhere.
    String.raw`(?<=" \d{3} )\d+(?= ")`,
    String.raw`(?<=" )\d+\.\d{3}$`,
    String.raw`(?<=\b(?:amount|net|total|hits|left|took|cache\.size)=)\d[\d.]*`,
    String.raw`(?<="(?:ms|total|price|left|kept|body_bytes_sent|request_time)":)\d[\d.]*`,
  ].join('|'),
  'g',
);

/** As long as before, and a number where it was one: zeros stay, so none comes to lead and 0.004 s stays short. */
function renumber(text: string, round: number): string {
  const random = randomFrom(hash(text) ^ Math.imul(round + 1, 0x9e3779b1));
  if (text.length === 32) return text.replace(/./g, () => random(16).toString(16));
  if (text.includes(':')) return text.replace(/[0-9a-f]+$/, (group) => group.replace(/./g, () => hexDigit(random)));
  if (/^\d+\.\d+\.\d+\./.test(text)) {
    return text.replace(/\d+\.\d+$/, () => `${random(256)}.${1 + random(254)}`);
  }
  return text.replace(/[1-9]/g, () => String(1 + random(9)));
}

function hexDigit(random: (below: number) => number): string {
  return (1 + random(15)).toString(16);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}

/** mulberry32: the same numbers on every machine and in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
