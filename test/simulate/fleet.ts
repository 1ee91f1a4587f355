import { defaultInput } from '../../shared/cost/input.js';
import { fingerprint } from '../../shared/line/fingerprint.js';
import { canaryService } from '../../shared/record/canary.js';
import type { SignalCollector } from '../../shared/rules/matching/match.js';
import type { Random } from '../oncall/random.js';
import { measured } from './measured.js';
import type { Load } from './setting.js';
import type { Invocation } from './stream.js';

/** A service whose lines pass by the rules, and how many like it it stands for. */
interface Shown {
  readonly name: string;
  readonly weight: number;
  readonly containers: number;
  /** Its lines are those of a web server, or those of an application. */
  readonly isWeb: boolean;
}

/** Lines of a container that an invocation shows to the rules: signals hardly grow with the lines. */
const shownLines = 2;

/** A service has fewer containers the further down it stands in the list of all: its place to this power. */
const decline = 0.5;

/** Error messages of a service. */
const errors = ['no stock of the item', 'checkout failed', 'the provider did not answer in time'] as const;

/**
 * The services that log. Of many alike some are shown to the rules, each standing for as many: whatever is done for one of them is
 * counted as often, so that a day of thousands of services is simulated in minutes. Services are taken by their size, so that the
 * shown ones are as large and as small as all.
 */
export class Fleet {
  readonly shown: readonly Shown[];
  readonly weight: number;
  /** By service, and by the task of a router. */
  private readonly weights = new Map<string, number>();
  /** Of the routers that are shown, the canaries so far. */
  private readonly routers: { readonly task: string; number: number }[];

  /** @param mostShown services that are shown at most */
  constructor(
    readonly load: Load,
    mostShown: number,
    private readonly random: Random,
  ) {
    const { services, containers } = load;
    const count = Math.min(services, mostShown);
    this.weight = services / count;
    const sum = Array.from({ length: services }, (_, place) => (place + 1) ** -decline).reduce((a, b) => a + b, 0);
    this.shown = Array.from({ length: count }, (_, index) => {
      const place = (index + 0.5) * this.weight + 0.5;
      return {
        name: `service-${index}`,
        weight: this.weight,
        containers: (containers * place ** -decline) / sum,
        isWeb: index % 2 === 0,
      };
    });
    const routers = Math.min(containers, count * routersOfService);
    this.routers = Array.from({ length: routers }, (_, index) => ({ task: `router-${index}`, number: 0 }));
    for (const { name, weight } of this.shown) this.weights.set(name, weight);
    for (const { task } of this.routers) this.weights.set(task, containers / routers);
  }

  /** How many keys a key stands for: one that names no shown service and no shown router stands for itself. */
  weightOf(key: string): number {
    for (const value of key.split('|')) {
      const weight = this.weights.get(value);
      if (weight !== undefined) return weight;
    }
    return 1;
  }

  /** Services of which an invocation of so many records has lines, on the mean. */
  servicesIn(records: number): number {
    const { containers } = this.load;
    return this.shown.reduce(
      (sum, service) => sum + service.weight * (1 - Math.exp((-records * service.containers) / containers)),
      0,
    );
  }

  /** Shows the rules lines of an invocation; those of a container came with a record. @returns services that had some */
  show({ first, last, records, rawBytes, canaries }: Invocation, flush: number, collector: SignalCollector): number {
    const { random } = this;
    const linesOfRecord = rawBytes / Math.max(1e-9, records) / defaultInput.lineBytes;
    const [from, to] = [first - flush * 1000, last];
    let services = 0;
    for (const service of this.shown) {
      const present = poisson((records * service.containers) / this.load.containers, random);
      if (present === 0) continue;
      services++;
      for (let each = 0; each < present; each++) {
        const task = `task-${random.below(Math.max(1, Math.round(service.containers)))}`;
        const origin = { service: service.name, task: `${service.name}/${task}`, cluster: 'shop' };
        // Lines of a record are those of a flush.
        const end = Math.min(to, from + flush * 1000 + random.next() * (to - from - flush * 1000));
        const time = () => Math.floor(end - random.next() * flush * 1000);
        for (let line = 0; line < Math.min(shownLines, Math.ceil(linesOfRecord)); line++) {
          if (service.isWeb)
            collector.observe('access', {
              ...origin,
              ts: time(),
              method: 'GET',
              path: '/cart',
              status: 200,
              duration_ms: 12,
            });
          else collector.observe('app', { ...origin, ts: time(), level: 'info', message: 'the order was taken' });
        }
        if (service.isWeb || !random.chance(1 - (1 - measured.errorLines) ** linesOfRecord)) continue;
        const row = { ...origin, ts: time(), level: 'error', message: random.pick(errors) };
        collector.observe('error', { ...row, fingerprint: fingerprint(row) });
      }
    }
    this.showCanaries(canaries, last, collector);
    return services;
  }

  private showCanaries(canaries: number, at: number, collector: SignalCollector): void {
    for (const router of this.routers) {
      if (!this.random.chance(canaries / this.load.containers)) continue;
      const fields = JSON.stringify({ run: 1, number: ++router.number, lag_ms: 1000 });
      const origin = { service: canaryService, task: router.task, cluster: 'shop' };
      collector.observe('app', { ...origin, ts: at, level: 'info', message: `canary ${router.number}`, fields });
    }
  }
}

/** Routers whose canaries are shown for each shown service. */
const routersOfService = 1;

function poisson(mean: number, random: Random): number {
  if (mean > 30)
    return Math.max(0, Math.round(mean + (random.next() + random.next() + random.next() - 1.5) * 2 * Math.sqrt(mean)));
  let count = 0;
  const least = Math.exp(-mean);
  for (let product = random.next(); product > least; product *= random.next()) count++;
  return count;
}
