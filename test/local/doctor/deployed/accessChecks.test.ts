import { describe, expect, it } from '@jest/globals';
import { examinePolicies, examineRoles, roleUsers } from '../../../../local/doctor/deployed/accessChecks.js';
import type { DeployedRole } from '../../../../local/doctor/deployed/stage.js';
import { healthyStage, roleArn, stack } from '../../../helpers/healthyStage.js';

const bound = 'arn:aws:iam::123456789012:policy/bound';

const users = roleUsers(
  new Map([
    ['firesplit-prod-alert', { state: 'Active', update: 'Successful', role: roleArn('alert') }],
    // A server that stands in for Lambda may not say.
    ['firesplit-prod-sweep', { state: 'Active', update: 'Successful' }],
  ]),
  'logs',
  { status: 'ACTIVE', buffering: 0, role: roleArn('delivery') },
);

async function roles(role: DeployedRole | undefined, boundary = '') {
  const { about, findings } = await examineRoles(healthyStage({ role: async () => role }), users.slice(0, 1), boundary);
  return findings.length === 0 ? about : findings.map(({ result, place, problem }) => `${result} ${place}: ${problem}`);
}

describe('roles', () => {
  it('are those of functions and of the stream, as far as it is known', () => {
    expect(users).toEqual([
      { place: 'function firesplit-prod-alert', role: roleArn('alert'), service: 'lambda.amazonaws.com' },
      { place: 'stream logs', role: roleArn('delivery'), service: 'firehose.amazonaws.com' },
    ]);
    expect(roleUsers(new Map(), undefined, undefined)).toEqual([]);
  });

  it('are there, are assumed by who runs with them, and have the boundary that was asked for', async () => {
    const arn = roleArn('alert');
    const trusts = ['lambda.amazonaws.com'];
    expect(await roles({ trusts })).toBe('1 role can be assumed by who runs with them');
    expect(await roles({ trusts, boundary: bound }, bound)).toMatch(`, bounded by ${bound}`);
    expect(await roles(undefined)).toEqual([
      `fail function firesplit-prod-alert: its role ${arn} is not there any more`,
    ]);
    expect(await roles({ trusts: ['ec2.amazonaws.com'] })).toEqual([
      `fail function firesplit-prod-alert: lambda.amazonaws.com may not assume its role ${arn}`,
    ]);
    expect(await roles({ trusts }, bound)).toEqual([
      `warn function firesplit-prod-alert: its role ${arn} has no boundary, and was deployed with ${bound}`,
    ]);
    expect(await roles({ trusts, boundary: bound })).toEqual([
      `warn function firesplit-prod-alert: its role ${arn} has the boundary ${bound}, and was deployed with none`,
    ]);
  });
});

describe('policies', () => {
  const tell = async (attachments: (arn: string) => number | undefined) => {
    const policy = async (arn: string) => {
      const count = attachments(arn);
      return count === undefined ? undefined : { attachments: count };
    };
    const { findings } = await examinePolicies(healthyStage({ policy }), stack);
    return findings.map(({ result, place, problem }) => `${result} ${place}: ${problem}`);
  };

  it('are there, and somebody sends by that for routers', async () => {
    expect(await tell((arn) => (arn.endsWith('router') ? 2 : 0))).toEqual([]);
    expect(await tell(() => 0)).toEqual([
      'warn policy arn:aws:iam::123456789012:policy/router: it is attached to no role, so no log router sends by it',
    ]);
    expect(await tell((arn) => (arn.endsWith('router') ? 1 : undefined))).toEqual([
      'fail policy arn:aws:iam::123456789012:policy/reader: it is not there any more',
    ]);
  });

  it('of a version that has none are not missed', async () => {
    const { findings } = await examinePolicies(healthyStage({ policy: async () => undefined }), {
      ...stack,
      outputs: {},
    });
    expect(findings).toEqual([]);
  });
});
