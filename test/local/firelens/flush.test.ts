import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseConf, serviceSetting } from '../../../local/firelens/conf.js';
import { flushFor, planFlush, withFlush } from '../../../local/firelens/flush.js';
import { defaultOptions } from '../../../local/firelens/routerOptions.js';
import { shippedRouter } from '../../../local/firelens/shippedRouter.js';
import { firehose } from '../../../shared/limits.js';

const options = { ...defaultOptions, lineBytes: 250 };

describe('Flush', () => {
  it('is the time in which a container fills a record, from 5 to 60 s', () => {
    expect([50, 563, 564, 1000, 5632, 5633, 1e6].map(flushFor)).toEqual([60, 60, 59, 33, 6, 5, 5]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (rate) => {
        const { flush, dollarsPerMonth, dollarsAtShortest, mayBeLost } = planFlush(rate, options);
        expect(Number.isInteger(flush)).toBe(true);
        expect(flush).toBeGreaterThanOrEqual(5);
        expect(flush).toBeLessThanOrEqual(60);
        expect(dollarsPerMonth).toBeLessThanOrEqual(dollarsAtShortest);
        if (flush > 5) expect(mayBeLost).toBeLessThanOrEqual(33 * 1024);
      }),
    );
  });

  it('keeps the canaries and flushes of as many containers as it names within the quota of a stream', () => {
    const { containersOfStream, flush } = planFlush(50_000, options);
    const requests = containersOfStream / flush + containersOfStream / 60;
    const { requestsPerSecond } = firehose.streamQuotas('us-east-1');
    expect(requests).toBeLessThanOrEqual(requestsPerSecond);
    expect(requests).toBeGreaterThan(requestsPerSecond - 1);
    expect(planFlush(50, { ...options, region: 'eu-central-1' }).containersOfStream).toBe(30_000);
  });

  it('replaces that of the shipped configuration alone', () => {
    const { conf } = shippedRouter();
    const changed = withFlush(conf, 42);
    expect(serviceSetting(parseConf(changed), 'flush')).toBe('42');
    expect(changed.replace(/42$/m, '5')).toBe(conf);
    expect(withFlush(conf, 5)).toBe(conf);
    expect(() => withFlush('[SERVICE]\n    Grace 5\n', 42)).toThrow('no Flush');
  });

  it('costs what the pages say', async () => {
    const [busy, quiet] = [planFlush(563, options), planFlush(1, options)];
    const limits = await readFile('docs/limits.md', 'utf8');
    expect(limits).toContain(
      `${planFlush(7000, options).containersOfStream.toLocaleString('en')} containers with \`Flush 5\``,
    );
    expect(limits).toContain(`${quiet.containersOfStream.toLocaleString('en')} with \`Flush 60\``);
    // Of a container that has lines in each flush.
    expect(limits).toContain(
      `$${busy.dollarsAtShortest.toFixed(3)} and $${(busy.dollarsAtShortest / 12).toFixed(3)} a month`,
    );
    expect(await readFile('docs/firelens.md', 'utf8')).toContain(
      `$${busy.dollarsAtShortest.toFixed(3)} a month for a container`,
    );
    expect(await readFile('docs/ways/ecs-on-ec2.md', 'utf8')).toContain(
      `$${busy.dollarsAtShortest.toFixed(2)} a month at the least, where a router in each task makes 50, $${(50 * busy.dollarsAtShortest).toFixed(2)}`,
    );
  });
});
