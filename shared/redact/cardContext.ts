import { wordsOf } from './keys.js';

/** What surrounds a number says of it: a card's, something else, or nothing. */
export type Standing = 'card' | 'other' | undefined;

/**
 * What stands around the digits from `start` to `end`: the word or key before them, the unit behind them, and the key
 * under which the text stands.
 */
export function standingOf(text: string, start: number, end: number, key: string): Standing {
  const before = text.slice(Math.max(0, start - reach), start);
  const after = text.slice(end, end + reach);
  const isWhole = !/\s/.test(before + after) && text.length - (end - start) < reach;
  const said = wordBefore(before) ?? (isWhole ? wordOfKey(key) : undefined);
  if (isPartOfWord(before, after)) return 'other';
  if (said) return said;
  return isPartOfId(before, after) || unit.test(after) ? 'other' : undefined;
}

/** Characters that are looked at on both sides. */
const reach = 80;

/** Ids and hashes in which digits and letters mix, fractions, and international phone numbers. */
function isPartOfWord(before: string, after: string): boolean {
  return (/(?:\w|\d\.|\+)$/.test(before) && !escapeBefore.test(before)) || /^(?:\w|\.\d|-\w)/.test(after);
}

/** A line break or a quote by its code ends the word that it follows. */
const escapeBefore = /(?:\\[nrtbf]|%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2})$/;

/** `/users/4111…`, `#4111…`, `blk_-4111…`: what nothing else names is the number of a thing. */
function isPartOfId(before: string, after: string): boolean {
  return /[/#@~$-]$/.test(before) || after.startsWith('@');
}

const unit =
  /^\s{0,2}(?:bytes?|[kmgt]i?b|ns|us|µs|ms|s|secs?|seconds|nanos(?:econds)?|micros(?:econds)?|millis(?:econds)?|rows?|records?|items?|times?|ops|ticks?|cycles?|messages|requests|events|hits)\b/i;

/** What the word says that names the number: its key, or the words that stand before it. */
function wordBefore(before: string): Standing {
  const line = before.split(/\n|\\n/).at(-1) ?? '';
  const name = line
    .replaceAll(/\\[rt]/g, ' ')
    .replace(listBefore, '')
    .match(nameBefore)?.[1];
  return name === undefined ? undefined : wordOfKey(name);
}

/** Up to four words, and whatever stands between them and the number. */
const nameBefore = /([A-Za-z][\w.-]*(?:[ /]{1,2}[A-Za-z][\w.-]*){0,3})(?:%[0-9A-Fa-f]{2}|[^\w\n])*$/;

/** The numbers of a list before this one, behind what names them all: `ids: 1, 2, 3`. */
const listBefore = /(?:["']?\d[\d.]*["']?\s?[,;|]\s?)+["']?$/;

/** `order_id` and `order number` name an order, `card_number` a card; the last word that says anything decides. */
function wordOfKey(key: string): Standing {
  const words = wordsOf(key);
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] as string;
    if (ofCards.test(word)) return 'card';
    if (ofOthers.test(word)) return 'other';
    if (!ofNumbers.has(word)) return undefined;
  }
  return undefined;
}

const ofCards =
  /^(?:cards?|(?:credit|debit|bank|payment)cards?|card(?:no|num|nr|number)|cc|ccn|cc(?:no|num|number)|pan|credit|debit|visa|mastercard|maestro|amex|express|discover|diners|dinersclub|jcb|unionpay|mir|rupay|elo|hiper|hipercard|dankort|cabal|uatp|verve|troy)\d?$/;

/** What has numbers of this size and is no card; also with `id`, `no` or `number` behind it in one word. */
const ofOthers = new RegExp(
  `^(?:${[
    ...[
      'id',
      'ids',
      'uid',
      'uuid',
      'guid',
      'oid',
      'pid',
      'tid',
      'sid',
      'rid',
      'gid',
      'eid',
      'xid',
      'txid',
      'gtid',
      'lsn',
    ],
    ...[
      'orders?',
      'trace',
      'span',
      'parent',
      'requests?',
      'req',
      'correlation',
      'blocks?',
      'blk',
      'sku',
      'session',
      'sess',
    ],
    ...['users?', 'customers?', 'member', 'tenant', 'guild', 'tweet', 'snowflake', 'channel', 'comment'],
    ...['transactions?', 'txn', 'trx', 'tx', 'invoice', 'ref', 'reference', 'job', 'task', 'build', 'batch', 'ticket'],
    ...[
      'offset',
      'partition',
      'seq',
      'sequence',
      'version',
      'revision',
      'rev',
      'migration',
      'commit',
      'epoch',
      'cursor',
    ],
    ...[
      'shipment',
      'tracking',
      'parcel',
      'package',
      'barcode',
      'ean',
      'gtin',
      'upc',
      'isbn',
      'asin',
      'serial',
      'product',
    ],
    ...[
      'imei',
      'imsi',
      'iccid',
      'meid',
      'msisdn',
      'device',
      'phone',
      'tel',
      'mobile',
      'fax',
      'sim',
      'vin',
      'mac',
      'meter',
    ],
    ...['thread', 'process', 'worker', 'shard', 'chunk', 'segment', 'page', 'row', 'record', 'inode', 'fd', 'handle'],
    ...['hash', 'hashcode', 'checksum', 'crc', 'fingerprint', 'digest', 'etag', 'nonce', 'seed', 'index', 'idx', 'pos'],
    ...['timestamp', 'ts', 'time', 'datetime', 'ns', 'us', 'ms', 'nanos', 'micros'],
    ...[
      'millis',
      'duration',
      'elapsed',
      'latency',
      'uptime',
      'ticks',
      'cycles',
      'deadline',
      'expires',
      'ttl',
      'timeout',
    ],
    ...[
      'bytes?',
      'size',
      'len',
      'length',
      'count',
      'counter',
      'total',
      'sum',
      'max',
      'min',
      'avg',
      'used',
      'free',
      'heap',
      'mem',
    ],
    ...['memory', 'rss', 'limit', 'capacity', 'position', 'address', 'addr', 'ptr', 'pointer', 'port', 'weight'],
  ].join('|')})(?:ids?|no|nr|num|number)?$`,
);

/** Words that say nothing themselves: what stands before them decides. */
const ofNumbers = new Set([
  'number',
  'numbers',
  'no',
  'nr',
  'num',
  'value',
  'is',
  'was',
  'str',
  'string',
  'hex',
  'dec',
  'low',
  'high',
]);
