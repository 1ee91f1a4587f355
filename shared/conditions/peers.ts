import { createHash } from 'node:crypto';
import { cutText } from '../signals/sample.js';
import { hashHalves } from '../text/hash.js';
import type { Bucket, WindowMemory } from './window.js';

/**
 * The lines of one peer, such as a task of a service: all of them, those in the part that is compared, and how many of the
 * latter people were told of.
 */
export type Peer = readonly [name: string, total: number, matched: number, raised: number];

/** A bucket with the lines of each peer, which a key has many of. */
export type PeersBucket = Bucket & { readonly peers?: readonly Peer[] };

/** Peers of a key that are looked at: of more, always the same ones, so that what is known of one is all that there is to know. */
export const maxPeers = 100;

/** UTF-16 units of a name that are kept. */
const maxName = 64;

/** Of the peers of one bucket as JSON: an index of 3 digits, three counts of 8, and their commas. */
export const peersBytes = maxPeers * 31 + 20;

/** Of the names of all of them, with quotes and a comma: no unit takes more than 3 bytes (see peerName). */
export const namesBytes = maxPeers * (maxName * 3 + 3) + 20;

/** A name as it is kept: one that is too long is told from others by its hash. Of what JSON would escape at length nothing is left. */
export function peerName(value: string): string {
  const name = value.replace(/[\p{Control}\p{Surrogate}\uFFFE\uFFFF]/gu, '\uFFFD');
  if (name.length <= maxName) return name;
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 16);
  return `${cutText(name, maxName - digest.length - 1)}#${digest}`;
}

/** Adds up the lines of each peer. */
export function addPeers(all: readonly (readonly Peer[])[]): Peer[] {
  const sums = new Map<string, Peer>();
  for (const [name, total, matched, raised] of all.flat()) {
    const [, totals, matches, raises] = sums.get(name) ?? [name, 0, 0, 0];
    sums.set(name, [name, totals + total, matches + matched, raises + raised]);
  }
  return [...sums.values()];
}

/** As many as are looked at. */
export function fewPeers(peers: readonly Peer[]): readonly Peer[] {
  const names = lookedAt(peers.map(([name]) => name));
  return names.size === peers.length ? peers : peers.filter(([name]) => names.has(name));
}

function lookedAt(names: readonly string[]): ReadonlySet<string> {
  const different = new Set(names);
  if (different.size <= maxPeers) return different;
  const ranked = [...different].map((name) => ({ name, rank: hashHalves(name).low }));
  return new Set(
    ranked
      .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
      .slice(0, maxPeers)
      .map(({ name }) => name),
  );
}

/** What is remembered of the windows of a key and its peers: each name once, and in the buckets its place among them. */
export interface PeersMemory extends Omit<WindowMemory, 'buckets'> {
  readonly names: readonly string[];
  /** `peers`: for each peer of the bucket its place in `names`, and its three numbers. */
  readonly buckets: readonly (Bucket & { readonly peers: readonly number[] })[];
}

export function packPeers({ buckets, ...memory }: WindowMemory): PeersMemory {
  const ofBuckets: readonly PeersBucket[] = buckets;
  const names = [...lookedAt(ofBuckets.flatMap(({ peers = [] }) => peers.map(([name]) => name)))];
  const places = new Map(names.map((name, place) => [name, place]));
  const placed = ofBuckets.map(({ peers = [], ...bucket }) => ({
    ...bucket,
    peers: peers.flatMap(([name, ...numbers]) => {
      const place = places.get(name);
      return place === undefined ? [] : [place, ...numbers];
    }),
  }));
  return { ...memory, names, buckets: placed };
}

export function unpackPeers({ names, buckets, ...memory }: PeersMemory): WindowMemory {
  const unpacked = buckets.map(({ peers, ...bucket }): PeersBucket => {
    const rows = Array.from({ length: peers.length / 4 }, (_, row) => peers.slice(4 * row, 4 * row + 4));
    const named = rows.map(
      ([place = 0, total = 0, matched = 0, raised = 0]): Peer => [names[place] ?? '', total, matched, raised],
    );
    return { ...bucket, peers: named };
  });
  return { ...memory, buckets: unpacked };
}
