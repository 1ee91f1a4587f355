import { dayMs, filled, hourMs, type LogLine, lineOf, minuteMs } from './lines.js';
import { type Random, randomFrom } from './random.js';
import type { Company, Service } from './services.js';

/** A minute in which nothing happens that anybody has to hear of. The same minute has the same lines in every run. */
export function quietMinute({ services, rareErrors, rareError, rareIn }: Company, at: number): LogLine[] {
  const random = randomFrom(at / minuteMs);
  const lines = services.flatMap((service) => linesOf(service, at, random));
  const rarely = services.filter(({ name }) => rareIn.includes(name));
  const rare = Array.from({ length: atRandom((rareErrors / 1440) * load(at), random) }, () => {
    const { name, tasks } = random.pick(rarely as [Service, ...Service[]]);
    const text = filled(`{time} ERROR ${name}: ${rareError(random)}`, random);
    return lineOf(name, random.below(tasks), at + random.below(minuteMs), text);
  });
  return [...lines, ...rare];
}

function linesOf(service: Service, at: number, random: Random): LogLine[] {
  const tasks = service.running?.(at) ?? service.tasks;
  const count = atRandom((service.asleep?.(at) ? 0 : service.lines) * (service.steady ? 1 : load(at)), random);
  const ordinary = Array.from({ length: count }, () => {
    const task = random.below(tasks);
    return lineOf(service.name, task, at + random.below(minuteMs), service.line(random, task));
  });
  const errors = service.errors.flatMap(([perDay, text]) =>
    Array.from({ length: atRandom((perDay / 1440) * load(at), random) }, () =>
      lineOf(service.name, random.below(tasks), at + random.below(minuteMs), filled(text, random)),
    ),
  );
  return [...ordinary, ...errors, ...(service.planned?.(at, random) ?? [])].sort((a, b) => a.at - b.at);
}

/** How busy the time of the day is: 1.3 of the mean at noon, and 0.35 at night, UTC. */
export function load(at: number): number {
  const hour = (at % dayMs) / hourMs;
  return 0.35 + 0.95 * Math.max(0, Math.sin(((hour - 5) / 18) * Math.PI)) ** 0.8;
}

/** A whole number with this mean. */
function atRandom(mean: number, random: Random): number {
  if (mean > 30)
    return Math.max(0, Math.round(mean + (random.next() + random.next() + random.next() - 1.5) * 2 * Math.sqrt(mean)));
  let count = 0;
  for (let product = random.next(); product > Math.exp(-mean); product *= random.next()) count++;
  return count;
}
