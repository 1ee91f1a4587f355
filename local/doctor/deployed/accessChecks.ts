import { counted } from '../../../shared/text/wording.js';
import type { Examination, Finding } from '../finding.js';
import { look } from './look.js';
import { putBack } from './putBack.js';
import type { DeployedFunction, DeployedStack, DeployedStage, DeployedStream } from './stage.js';

/** Who runs with a role. */
export interface RoleUser {
  /** Such as `function firesplit-prod-alert`. */
  readonly place: string;
  /** ARN of the role. */
  readonly role: string;
  /** Such as `lambda.amazonaws.com`. */
  readonly service: string;
}

/** Of what could be looked at. */
export function roleUsers(
  functions: ReadonlyMap<string, DeployedFunction>,
  name: string | undefined,
  stream: DeployedStream | undefined,
): RoleUser[] {
  const users = [...functions].flatMap(([name, { role }]): RoleUser[] =>
    role === undefined ? [] : [{ place: `function ${name}`, role, service: 'lambda.amazonaws.com' }],
  );
  if (stream?.role === undefined) return users;
  return [...users, { place: `stream ${name}`, role: stream.role, service: 'firehose.amazonaws.com' }];
}

/**
 * Whether each role is there, may be assumed by who runs with it, and has the boundary that its deployment was told.
 *
 * @param boundary ARN; empty for none
 */
export function examineRoles(
  deployed: DeployedStage,
  users: readonly RoleUser[],
  boundary: string,
): Promise<Examination> {
  const asked = { name: 'aws:roles', place: 'roles', permission: 'iam:GetRole' };
  return look(asked, async () => {
    const found = await Promise.all(users.map((user) => ofRole(deployed, user, boundary)));
    const bounded = boundary === '' ? '' : `, bounded by ${boundary}`;
    return {
      about: `${counted(users.length, 'role')} can be assumed by who runs with them${bounded}`,
      findings: found.flat(),
    };
  });
}

async function ofRole(
  deployed: DeployedStage,
  { place, role: arn, service }: RoleUser,
  boundary: string,
): Promise<Finding[]> {
  const role = await deployed.role(arn);
  if (role === undefined) {
    return [{ result: 'fail', place, problem: `its role ${arn} is not there any more`, remedy: putBack }];
  }
  const findings: Finding[] = [];
  if (!role.trusts.includes(service)) {
    const problem = `${service} may not assume its role ${arn}`;
    findings.push({
      result: 'fail',
      place,
      problem,
      remedy: `${putBack}, or allow it sts:AssumeRole in the role's trust policy`,
    });
  }
  if ((role.boundary ?? '') !== boundary) {
    const problem = `its role ${arn} has ${role.boundary ? `the boundary ${role.boundary}` : 'no boundary'}, and was deployed with ${boundary || 'none'}`;
    findings.push({
      result: 'warn',
      place,
      problem,
      remedy: 'ask who changed it; if nobody wants it so, put it back by hand',
    });
  }
  return findings;
}

/** The policies that the stack makes for people and routers to attach to roles of their own. */
export function examinePolicies(deployed: DeployedStage, { outputs }: DeployedStack): Promise<Examination> {
  const asked = { name: 'aws:policies', place: 'policies', permission: 'iam:GetPolicy' };
  return look(asked, async () => {
    const { RouterPolicyArn: router, ReaderPolicyArn: reader } = outputs;
    const found = await Promise.all(
      [router, reader].map(async (arn): Promise<Finding[]> => {
        if (arn === undefined) return [];
        const policy = await deployed.policy(arn);
        if (policy === undefined) {
          return [{ result: 'fail', place: `policy ${arn}`, problem: 'it is not there any more', remedy: putBack }];
        }
        return arn === router && policy.attachments === 0 ? [unattached(arn)] : [];
      }),
    );
    return {
      about: 'those for routers and readers are there, and the first is attached to a role',
      findings: found.flat(),
    };
  });
}

function unattached(arn: string): Finding {
  return {
    result: 'warn',
    place: `policy ${arn}`,
    problem: 'it is attached to no role, so no log router sends by it',
    remedy:
      'attach it to the task role of your routers; if they send with a policy of yours, or from another account, all is well',
    source: 'docs/firelens.md',
  };
}
