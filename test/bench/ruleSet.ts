import type { Condition } from '../../shared/conditions/index.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Where } from '../../shared/where/clause.js';

const MINUTE = 60_000;

/** Six services that are in the corpora, and others whose lines are elsewhere. */
const services = [
  ...['orders', 'cart', 'billing', 'checkout', 'search', 'web-error'],
  ...['accounts', 'auth', 'catalog', 'coupons', 'delivery', 'emails', 'exports', 'imports', 'invoices', 'ledger'],
  ...['media', 'pricing', 'returns', 'reviews'],
];

/** What one team asks of its service: texts, levels, exceptions, fields and counts. */
const ofService: readonly ((service: string) => { where: Where; by?: readonly string[]; condition?: Condition })[] = [
  (service) => ({ where: { service, message: { contains: `${service} failed` } } }),
  (service) => ({ where: { message: { regex: `(?i)\\b${service}\\b.*\\b(rejected|refused|declined)\\b` } } }),
  (service) => ({ where: { exception: { contains: `.${service}.` }, level: ['error', 'fatal'] } }),
  (service) => ({ where: { service, level: 'fatal' } }),
  (service) => ({
    where: { service, level: ['warn', 'error'] },
    condition: { type: 'frequency', threshold: 100, window: 5 * MINUTE },
  }),
  (service) => ({ where: { service, 'fields.res.status': { gte: 500 } } }),
  (service) => ({ where: { logger: { regex: `^com\\.shop\\.${service}` }, level: 'error' } }),
  (service) => ({
    where: { service, level: 'error' },
    by: ['service', 'fingerprint'],
    condition: { type: 'new', remember: 30 * 24 * 60 * MINUTE },
  }),
  (service) => ({
    where: { service, level: 'error' },
    condition: { type: 'spike', window: 5 * MINUTE, factor: 3, minCount: 10, minPrevious: 1 },
  }),
  (service) => ({ where: { service, message: { regex: 'took \\d{5,} ?ms|deadline exceeded|[Ss]low query' } } }),
];

/** 200 rules such as twenty teams might write. */
export const manyRules: readonly Rule[] = services.flatMap((service) =>
  ofService.map((rule, index): Rule => {
    const { where, by = ['service'], condition = { type: 'match' } } = rule(service);
    return {
      ...{ name: `${service}-${index}`, on: ['error', 'app'], where, by, severity: 'warning', title: '{service}' },
      ...{
        cooldown: 15 * MINUTE,
        maxCooldown: 15 * MINUTE,
        unlessFiring: [],
        mute: [],
        mode: 'live',
        lateness: MINUTE,
      },
      ...condition,
    };
  }),
);
