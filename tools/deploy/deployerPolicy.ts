import { iam } from '../../shared/limits.js';
import { type DeployerScope, frameworkGrants, type Grant, grantsByType } from './deployerGrants.js';

/** As much of a template as says what is in it. */
interface TypedTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Grant['condition'];
}

/**
 * What whoever deploys the template, updates and removes it needs, as the managed policies that hold it.
 *
 * @throws Error when the template has a resource of a type that tools/deploy/deployerGrants.ts says nothing of
 */
export function deployerPolicies({ Resources }: TypedTemplate, scope: DeployerScope): PolicyDocument[] {
  const known = grantsByType(scope);
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))].sort();
  const unknown = types.filter((type) => known[type] === undefined);
  if (unknown.length > 0) {
    throw new Error(
      `nothing says what a deployment of ${unknown.join(' and ')} needs: add it to grantsByType in tools/deploy/deployerGrants.ts`,
    );
  }
  return divided(statements([...types.flatMap((type) => known[type] ?? []), ...frameworkGrants(scope)]));
}

/** One statement for all that may be done to the same resources on the same condition. */
function statements(grants: readonly Grant[]): Statement[] {
  const bySubject = new Map<string, { readonly grant: Grant; readonly actions: Set<string> }>();
  for (const grant of grants) {
    const subject = JSON.stringify([grant.resources, grant.condition]);
    const entry = bySubject.get(subject) ?? { grant, actions: new Set<string>() };
    for (const action of grant.actions) entry.actions.add(action);
    bySubject.set(subject, entry);
  }
  return [...bySubject.values()].map(({ grant: { resources, condition }, actions }) => ({
    Effect: 'Allow',
    Action: [...actions].sort(),
    Resource: resources,
    ...(condition ? { Condition: condition } : {}),
  }));
}

function divided(all: readonly Statement[]): PolicyDocument[] {
  const policies: Statement[][] = [];
  for (const statement of all) {
    const last = policies.at(-1);
    if (last && lengthOf(policy([...last, statement])) <= iam.maxManagedCharacters) last.push(statement);
    else policies.push([statement]);
  }
  return policies.map(policy);
}

function policy(Statement: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

function lengthOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}
