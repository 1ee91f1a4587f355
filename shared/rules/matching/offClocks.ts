import { bucketWidth } from '../../conditions/window.js';
import type { ClockOff } from '../../line/clockOff.js';
import type { OriginColumns } from '../../line/origin.js';
import { joinKey } from '../../signals/alertKey.js';
import { sampleText } from '../../signals/sample.js';
import type { Sample, Signal } from '../../signals/signal.js';
import { spanText } from '../../text/wording.js';
import { clockRule } from '../clockRule.js';
import { maxSamples } from './openSignals.js';

/** Adds up the lines of an invocation whose clock is known to be off, by service; a sample names each of the first tasks. */
export class OffClocks {
  private readonly services = new Map<string | undefined, OffService>();

  /** @param ts the time that rules go by */
  add({ service, task }: OriginColumns, ts: number, { own, isSteady }: ClockOff): void {
    if (!isSteady) return;
    const of = this.services.get(service) ?? { count: 0, first: ts, last: ts, tasks: new Map() };
    this.services.set(service, of);
    of.count++;
    of.first = Math.min(of.first, ts);
    of.last = Math.max(of.last, ts);
    if (of.tasks.size >= maxSamples || of.tasks.has(task)) return;
    const off = `${spanText(Math.abs(ts - own))} ${own > ts ? 'ahead' : 'behind'}`;
    const message = task === undefined ? `its clock is ${off}` : `the clock of task ${sampleText(task)} is ${off}`;
    of.tasks.set(task, { ts, service: sampleText(service ?? ''), message });
  }

  signals(): Signal[] {
    const width = bucketWidth(clockRule);
    return [...this.services].map(([service, { count, first, last, tasks }]) => ({
      rule: clockRule.name,
      key: joinKey([service ?? '']),
      labels: service === undefined ? {} : { service: sampleText(service) },
      bucket: Math.floor(last / width) * width,
      ...{ count, first, last, samples: [...tasks.values()] },
    }));
  }
}

interface OffService {
  count: number;
  first: number;
  last: number;
  readonly tasks: Map<string | undefined, Sample>;
}
