import { isSeveral } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted, percentText } from '../text/wording.js';
import type { Where } from '../where/clause.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { Told } from './buckets.js';
import type { ConditionType, OpenSum } from './conditionType.js';
import type { Observation } from './observation.js';
import {
  addPeers,
  fewPeers,
  namesBytes,
  type Peer,
  type PeersBucket,
  type PeersMemory,
  packPeers,
  peerName,
  peersBytes,
  unpackPeers,
} from './peers.js';
import type { RuleSettings } from './ruleSettings.js';
import { type StatedShare, shareAdvice, toShare } from './share.js';
import { observeWindow, type StatedWindow, type WindowSettings, windowed, windowMemoryBytes } from './window.js';

/** Outliers that a message names. */
const maxNamed = 5;

/**
 * One of a key's peers, such as a task among those of its service, is `factor` times the median of the others: by the share of its lines
 * that `of` fits as well, or by their number. All the peers of a key are one state, which is written once for a batch.
 */
export const outlier: ConditionType<StatedOutlier, Outlier, PeersMemory, Measured> = {
  ...windowed,
  patternAdvice: { above: shareAdvice },
  settings: ({ peers, of, window, factor = 3, above = 0.1, min_total = 100, min_count = 100, min_peers = 2 }) => ({
    peers,
    ...(of === undefined ? {} : { of }),
    window: milliseconds(window),
    factor,
    above: toShare(above),
    // Of one that is compared by its number of lines that is the fewest, too.
    minTotal: of === undefined ? min_count : min_total,
    minPeers: min_peers,
  }),
  problems: (stated, rule) => [...badKeys(stated), ...badPeers(rule), ...badShare(stated)],

  of: ({ of, peers }) => ({ ...(of === undefined ? {} : { part: of }), column: peers, columnKey: 'peers' }),
  sum: {
    open: openPeers,
    join: joinPeers,
    lines: ({ peers = [] }: Signal & Peers) => peers.reduce((sum, [, total]) => sum + total, 0),
    // Those of different keys are no peers.
    withoutKey: ({ peers: _, ...signal }: Signal & Peers) => signal,
  },

  observe: observeOutlier,
  memoryBytes: (rule) => windowMemoryBytes(rule, rule.window, peersBytes, 0) + namesBytes,

  words: (measured, { peers, of, window }, _until, show) => {
    const { outliers, count, median, others } = measured;
    const [worst, ...more] = outliers;
    if (!worst) return undefined;
    const length = formatDuration(window);
    const compared = `the median of ${others.toLocaleString('en')} others`;
    const lines = `${worst.matched.toLocaleString('en')} of ${counted(worst.total, 'line')}`;
    const level = of
      ? `${percentText(worst.matched / worst.total)} (${lines}) in ${length}, ${compared} is ${percentText(median)}`
      : `${counted(worst.total, 'line')} in ${length}, ${compared} is ${median.toLocaleString('en')}`;
    const unnamed = count - outliers.length;
    const rest = [
      ...more.map(({ name }) => show(name)),
      ...(unnamed > 0 ? [`${unnamed.toLocaleString('en')} more`] : []),
    ];
    return `${show(peers)} ${show(worst.name)}: ${level}${rest.length > 0 ? `; as well ${rest.join(', ')}` : ''}`;
  },
  names: {
    columns: ({ peers }) => [peers],
    values: ({ outliers: [worst] }, { peers }) => (worst ? { [peers]: worst.name } : {}),
  },
  alsoMatches: ({ of, peers }, measured) => ({
    ...(measured && measured.count === measured.outliers.length
      ? { [peers]: measured.outliers.map(({ name }) => name) }
      : {}),
    ...(of ? { all: [of] } : {}),
  }),
  example: ({ of, peers, above, factor, minTotal, minPeers }) => {
    const matched = of ? Math.min(minTotal, Math.ceil(minTotal * above * 2)) : minTotal;
    const worst = { name: `${peers}-7`, total: minTotal, matched };
    const median = of ? 0 : Math.floor(minTotal / factor);
    return { measured: { outliers: [worst], count: 1, median, others: minPeers }, lines: matched };
  },
};

interface StatedOutlier extends StatedWindow {
  readonly peers: string;
  readonly of?: Where;
  readonly factor?: number;
  readonly above?: StatedShare;
  readonly min_total?: number;
  readonly min_count?: number;
  readonly min_peers?: number;
}

interface Outlier extends WindowSettings {
  /** The column (or `fields.<path>`) whose values are compared with one another. */
  readonly peers: string;
  /** What is compared is the share of these lines; the number of all when absent. */
  readonly of?: Where;
  readonly factor: number;
  /** No share is an outlier that is not above it, from 0 to 1. */
  readonly above: number;
  /** Fewer lines of a peer say nothing. */
  readonly minTotal: number;
  /** The fewest others that one is compared with. */
  readonly minPeers: number;
}

type OutlierRule = RuleSettings & Outlier;

/** Of the window: the first is the worst, and its `median` that of the `others` that it is compared with. */
interface Measured {
  readonly outliers: readonly { readonly name: string; readonly total: number; readonly matched: number }[];
  /** How many there are, with those that are not named. */
  readonly count: number;
  readonly median: number;
  readonly others: number;
}

interface Peers {
  readonly peers?: readonly Peer[];
}

function badKeys({ of, above, min_total, min_count }: StatedOutlier): PlacedProblem[] {
  const wrong = of === undefined ? { above, min_total } : { min_count };
  const remedy = of === undefined ? 'add "of", or leave it out' : 'write "min_total", or leave it out';
  const what =
    of === undefined
      ? 'compares shares, and there is no "of"'
      : 'compares numbers of lines, and with "of" shares are compared';
  return Object.entries(wrong)
    .filter(([, value]) => value !== undefined)
    .map(([key]) => ({ path: [key], on: 'key' as const, message: `"${key}" ${what}; ${remedy}` }));
}

function badPeers({ peers, by }: OutlierRule): PlacedProblem[] {
  if (!by.includes(peers)) return [];
  const message = `"by" has ${peers}, too, so that each would be alone; take it out of "by", which names what the peers have in common`;
  return [{ path: ['peers'], message }];
}

function badShare({ above }: StatedOutlier): PlacedProblem[] {
  if (above === undefined || toShare(above) < 1) return [];
  return [{ path: ['above'], message: `above is ${above}, and no share is above that: the rule would never fire` }];
}

function openPeers(): OpenSum<Peers> {
  const peers = new Map<string, { total: number; matched: number }>();
  return {
    add(count, value, _first, _last, isPart) {
      if (value === undefined) return;
      const name = peerName(value);
      const sums = peers.get(name) ?? { total: 0, matched: 0 };
      sums.total += count;
      if (isPart) sums.matched += count;
      peers.set(name, sums);
    },
    fields: () => ({
      peers: fewPeers([...peers].map(([name, { total, matched }]): Peer => [name, total, matched, 0])),
    }),
  };
}

function joinPeers(a: Span & Peers, b: Span & Peers): Peers {
  return a.peers === undefined ? {} : { peers: fewPeers(addPeers([a.peers, b.peers ?? []])) };
}

function observeOutlier(
  rule: OutlierRule,
  memory: PeersMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<PeersMemory, Measured> {
  if (isSeveral(signals[0].key)) return { outcome: 'ignored', reason: 'several keys' };
  const seen = observeWindow<Outliers>(rule, memory && unpackPeers(memory), signals, now, {
    join: joinPeers,
    measure: (current) => outliersIn(addPeers(current.map(({ peers = [] }: PeersBucket) => peers)), rule),
    tell: tellOutliers,
    lateBuckets: 0,
  });
  if (seen.outcome === 'ignored') return seen;
  const { firing } = seen;
  const { all: _, ...measured } = firing?.measured ?? {};
  return {
    ...seen,
    memory: packPeers(seen.memory),
    ...(firing ? { firing: { ...firing, measured: measured as Measured } } : {}),
  } as Observation<PeersMemory, Measured>;
}

/** What is measured, with the names of all of them. */
interface Outliers extends Measured {
  readonly all: ReadonlySet<string>;
}

function outliersIn(
  peers: readonly Peer[],
  { of, factor, above, minTotal, minPeers }: OutlierRule,
): Outliers | undefined {
  // Of a few lines a share is an accident. Of any number of them that number is what it is.
  const compared = of ? peers.filter(([, total]) => total >= minTotal / 10) : peers;
  const levelOf = ([, total, matched]: Peer) => (of ? matched / total : total);
  const levels = compared.map(levelOf).sort((a, b) => a - b);
  if (levels.length - 1 < minPeers) return undefined;
  const outliers = compared.flatMap((peer) => {
    const [name, total, matched] = peer;
    const level = levelOf(peer);
    if (total < minTotal || (of && level <= above)) return [];
    const median = medianWithout(levels, level);
    return level >= factor * median ? [{ name, total, matched, level, median }] : [];
  });
  const [worst, ...others] = outliers.sort((a, b) => b.level - a.level || b.total - a.total);
  if (!worst) return undefined;
  return {
    outliers: [worst, ...others].slice(0, maxNamed).map(({ name, total, matched }) => ({ name, total, matched })),
    count: outliers.length,
    median: worst.median,
    others: levels.length - 1,
    all: new Set(outliers.map(({ name }) => name)),
  };
}

/** Of numbers in ascending order, but for one of them. */
function medianWithout(sorted: readonly number[], one: number): number {
  const at = sorted.indexOf(one);
  const others = sorted.filter((_, index) => index !== at);
  const middle = others.length >> 1;
  const [low = 0, high = 0] = [others[others.length % 2 === 1 ? middle : middle - 1], others[middle]];
  return (low + high) / 2;
}

/** People are told of the outliers' lines alone. */
function tellOutliers(bucket: PeersBucket, { all }: Outliers): Told {
  const { peers = [] } = bucket;
  const told = peers.filter(([name]) => all.has(name));
  const lines = told.reduce((sum, [, , matched]) => sum + matched, 0);
  const before = told.reduce((sum, [, , , raised]) => sum + raised, 0);
  const raised = peers.map((peer): Peer => (all.has(peer[0]) ? [peer[0], peer[1], peer[2], peer[2]] : peer));
  const marked: PeersBucket = { ...bucket, raised: bucket.raised + lines - before, peers: raised };
  return { lines, fresh: lines - before, bucket: marked };
}
