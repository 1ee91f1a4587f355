import { type LogType, logTypes } from '../line/schema/index.js';
import { defaultInput } from './input.js';
import { dollarsOfAnotherGb } from './marginal.js';
import { GB } from './traffic.js';

/** Lines that are alike: of a service, or of one message of it. */
export interface LineGroup {
  readonly type: LogType;
  readonly service: string;
  /** Its message or request with `#` for numbers, and an ellipsis where it is cut; undefined for all lines of the service. */
  readonly template?: string;
  readonly lines: number;
  /** Of their columns, as text. */
  readonly bytes: number;
}

/** A group with what it costs while as many are logged. */
export interface CostedGroup extends LineGroup {
  readonly dollarsPerDay: number;
}

/** What the lines of some hours cost, the dearest first. */
export interface LineCosts {
  readonly hours: number;
  readonly dollarsPerDay: number;
  readonly services: readonly CostedGroup[];
  /** The dearest of them. */
  readonly messages: readonly CostedGroup[];
}

/**
 * Asks what the lines of the last hours cost.
 *
 * @param top how many messages are told apart
 * @param ask answers {@link servicesQuery} and {@link messagesQuery}
 */
export async function lineCosts(
  hours: number,
  top: number,
  ask: (sql: string) => Promise<readonly LineGroup[]>,
): Promise<LineCosts> {
  const all = await ask(servicesQuery(hours));
  const prices = pricesOf(all, hours);
  const services = costed(all, prices, hours);
  const messages = services.length === 0 ? [] : costed(await ask(messagesQuery(hours, top, prices)), prices, hours);
  return { hours, dollarsPerDay: services.reduce((sum, each) => sum + each.dollarsPerDay, 0), services, messages };
}

/** The lines of the last hours by service. */
export function servicesQuery(hours: number): string {
  return grouped(['type', 'service'], hours);
}

/** The same by message: `groups` at most, those that cost most. A byte of one type costs more than one of another, so they are not those of most bytes. */
export function messagesQuery(hours: number, groups: number, prices: Prices): string {
  // With an exponent it is a double; anything else is a decimal, which has so many digits and no more.
  const price = logTypes.map((type) => `WHEN '${type}' THEN ${prices[type].toExponential()}`).join(' ');
  return `SELECT * FROM (${grouped(['type', 'service', 'template'], hours)})
ORDER BY bytes * CASE type ${price} END DESC LIMIT ${groups}`;
}

function grouped(columns: readonly string[], hours: number): string {
  return `SELECT ${columns.join(', ')}, count(*) AS lines, sum(bytes) AS bytes
FROM (${logTypes.map((type) => linesOf(type, hours)).join('\nUNION ALL\n')})
GROUP BY ${columns.join(', ')}`;
}

function linesOf(type: LogType, hours: number): string {
  const text = type === 'access' ? "concat(coalesce(method, ''), ' ', coalesce(path, ''))" : "coalesce(message, '')";
  return `SELECT '${type}' AS type, coalesce(service, '') AS service, concat(regexp_replace(substr(${text}, 1, 120), '[0-9]+', '#'), if(length(${text}) > 120, '${ELLIPSIS}', '')) AS template,
  ${typeColumns[type].map((column) => `length(coalesce(${column}, ''))`).join(' + ')} + ${fixedBytes} AS bytes
FROM ${type}
WHERE arrived >= date_format(localtimestamp - interval '${hours}' hour, '%Y-%m-%d-%H') AND ts >= localtimestamp - interval '${hours}' hour`;
}

const entryColumns = ['message', 'logger', 'stack', 'fields'];
const typeColumns: Readonly<Record<LogType, readonly string[]>> = {
  access: ['client_ip', 'path', 'query', 'referer', 'user_agent', 'host', 'request_id', 'fields'],
  error: entryColumns,
  app: entryColumns,
};
/** Time, status, level and the like, and what stands between them. */
const fixedBytes = 50;

/** @param rows what the queries gave: with a template or without */
export function lineGroups(columns: readonly string[], rows: readonly (readonly unknown[])[]): LineGroup[] {
  return rows.map((row) => {
    const of = Object.fromEntries(columns.map((column, at) => [column, row[at]]));
    const group = {
      type: String(of.type) as LogType,
      service: String(of.service),
      lines: Number(of.lines),
      bytes: Number(of.bytes),
    };
    return of.template === undefined ? group : { ...group, template: String(of.template) };
  });
}

/** Dollars of a GB of lines, by type. */
export type Prices = Readonly<Record<LogType, number>>;

/** What another GB costs a deployment that logs as all of these groups did in these hours. */
export function pricesOf(all: readonly LineGroup[], hours: number): Prices {
  const bytes = sum(all);
  if (bytes === 0) return { access: 0, error: 0, app: 0 };
  const shareOf = (type: LogType) => sum(all.filter((group) => group.type === type)) / bytes;
  const input = {
    ...defaultInput,
    gbPerDay: gbPerDay(bytes, hours),
    services: new Set(all.map(({ service }) => service)).size,
    share: { access: shareOf('access'), error: shareOf('error'), app: shareOf('app') },
  };
  const priceOf = (type: LogType) => dollarsOfAnotherGb(input, type);
  return { access: priceOf('access'), error: priceOf('error'), app: priceOf('app') };
}

/** What the groups cost a day if as many are logged as in these hours: the dearest first. */
export function costed(groups: readonly LineGroup[], prices: Prices, hours: number): CostedGroup[] {
  const priced = groups.map((group) => ({
    ...group,
    dollarsPerDay: gbPerDay(group.bytes, hours) * prices[group.type],
  }));
  return priced.sort((a, b) => b.dollarsPerDay - a.dollarsPerDay);
}

/** GB (2^30 bytes) a day, of what was logged in so many hours. */
export function gbPerDay(bytes: number, hours: number): number {
  return (bytes * 24) / hours / GB;
}

function sum(groups: readonly LineGroup[]): number {
  return groups.reduce((total, { bytes }) => total + bytes, 0);
}

/**
 * What makes such lines fewer: for requests a rule that samples them, ready for infra/firesplit.yml; undefined for other lines, which
 * only their service can log less of.
 */
export function samplingRule({ type, service, template }: LineGroup): string | undefined {
  if (type !== 'access' || template === undefined) return undefined;
  const [, method = '', path = ''] = /^(\S*) (.*)$/.exec(template) ?? [];
  if (path === '') return undefined;
  // Of the requests that were counted and of no others: each is left out nine times in ten.
  const where = [
    ...(service === '' ? [] : [`service: ${yamlText(service)}`]),
    ...(method === '' ? [] : [`method: ${yamlText(method)}`]),
    `path: ${pathMatcher(path)}`,
    'status: { lt: 400 }',
  ];
  return `{ name: ${yamlName(ruleName(service, path))}, where: { ${where.join(', ')} }, keep: 0.1 }`;
}

function pathMatcher(path: string): string {
  if (path.endsWith(ELLIPSIS)) return `{ regex: ${yamlText(`^${pattern(path.slice(0, -ELLIPSIS.length))}`)} }`;
  return path.includes('#') ? `{ regex: ${yamlText(`^${pattern(path)}$`)} }` : yamlText(path);
}

function pattern(path: string): string {
  return path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('#', '[0-9]+');
}

/** Behind a message or path that goes on. */
const ELLIPSIS = '…';

/** Quoted where YAML would take it for a number or a truth. */
function yamlName(name: string): string {
  return /^[0-9]|^(true|false|null|yes|no|on|off|y|n)$/.test(name) ? yamlText(name) : name;
}

function yamlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function ruleName(service: string, path: string): string {
  const name = `${service}-${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return name.replace(/-+$/, '') || 'requests';
}
