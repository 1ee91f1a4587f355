import type { Origin } from '../line/origin.js';
import type { LinePolicy } from '../treatment/policy.js';

/** What a lane has learned. It holds for all containers that the configuration and their collectors treat alike. */
export class ByTreatment<Learned> {
  private ofOrigin = new WeakMap<Origin, Learned>();
  private readonly byTreatment = new Map<string, Learned>();

  constructor(
    private readonly policy: LinePolicy,
    private readonly start: () => Learned,
  ) {}

  of(origin: Origin): Learned {
    const known = this.ofOrigin.get(origin);
    if (known) return known;
    const treatment = treatmentOf(origin, this.policy);
    const learned = this.byTreatment.get(treatment) ?? this.startLearning(treatment);
    this.ofOrigin.set(origin, learned);
    return learned;
  }

  forget(): void {
    this.ofOrigin = new WeakMap();
    this.byTreatment.clear();
  }

  private startLearning(treatment: string): Learned {
    if (this.byTreatment.size >= MAX_TREATMENTS) this.forget();
    const learned = this.start();
    this.byTreatment.set(treatment, learned);
    return learned;
  }
}

/** Lines of containers for which this is equal become equal rows, but for what the containers are called. */
function treatmentOf(origin: Origin, policy: LinePolicy): string {
  const { type } = policy.parse({ message: 'which type' }, origin);
  return JSON.stringify([type, ...origin.extra.map(([key]) => key)]);
}

/** Treatments differ by what collectors say and by types that the configuration fixes: a few are usual. */
const MAX_TREATMENTS = 256;
