import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type BannerOptions, banner } from '../../../../local/commands/up/banner.js';

const stack = {
  urls: {
    firehose: 'http://127.0.0.1:4573',
    firehoseTls: 'https://127.0.0.1:4574',
    slack: 'http://127.0.0.1:4570/slack',
    intake: 'http://127.0.0.1:4570/intake',
    console: 'http://127.0.0.1:4570',
  },
  data: join(process.cwd(), '.firesplit'),
  ca: join(process.cwd(), '.firesplit/ca.pem'),
  stream: 'logs',
  queryableWithin: 1000,
};
const options: BannerOptions = {
  version: '1.2.3',
  config: 'infra/firesplit.yml',
  rules: 'infra/rules',
  asAws: false,
  color: false,
};

describe('banner', () => {
  it('has every address, when lines can be queried and what to type next', () => {
    const lines = banner(stack, options).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '  ● firesplit 1.2.3 is up  Ctrl-C stops it, nothing gets lost',
        '    Firehose API  http://127.0.0.1:4573        stream logs',
        '      over TLS    https://127.0.0.1:4574       trust .firesplit/ca.pem',
        '    Slack inbox   http://127.0.0.1:4570/slack',
        '    queryable     within 2 seconds             as in AWS: --as-aws',
        '    npx firesplit send access.log',
      ]),
    );
  });

  it('names another data folder in what to type next', () => {
    expect(banner({ ...stack, data: '/elsewhere' }, options)).toContain('npx firesplit tail --data /elsewhere\n');
  });

  it('is at most 80 characters wide, with long paths too', () => {
    const far = { ...stack, data: `/${'x'.repeat(30)}`, ca: `/${'x'.repeat(30)}/ca.pem` };
    const long = `/${'y'.repeat(40)}/infra/rules`;
    for (const text of [banner(stack, options), banner(far, { ...options, config: long, rules: long })]) {
      const widths = text.split('\n').map(({ length }) => length);
      // What is to be typed can't be cut.
      expect(Math.max(...widths.filter((_, index) => !text.split('\n')[index]?.includes('npx')))).toBeLessThanOrEqual(
        80,
      );
    }
  });
});
