import { expect, it } from '@jest/globals';
import { elbAccess, nlbAccess } from '../../../../../shared/parse/formats/access/elbAccess.js';

/** What the samples say of the values that no column holds: AWS's names, and none of those that a column has. */
it.each([
  [elbAccess, ['elb_status_code', 'sent_bytes', 'request', 'user_agent', 'time']],
  [nlbAccess, ['sent_bytes', 'connection_time', 'domain_name', 'time']],
] as const)('what a column of $name holds is in no field, and all else is in one', ({ samples, parse }, inColumns) => {
  for (const { line } of samples) {
    const parsed = parse(line);
    const keys = parsed?.fields.map(([key]) => key) ?? [];
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.filter((key) => (inColumns as readonly string[]).includes(key))).toEqual([]);
  }
});

it('what a load balancer adds at the end stays together', () => {
  const [sample] = elbAccess.samples;
  expect(elbAccess.parse(`${sample?.line} a "b c"`)?.fields.at(-1)).toEqual(['tail', 'a "b c"']);
});
