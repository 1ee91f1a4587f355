import { compileGlob } from '../../../shared/text/glob.js';
import type { Properties } from '../../firehose/stream/streamConfig.js';
import { listOf, mapOf, ofType, type Resource, type Subject, someOf } from './subject.js';
import { textOf } from './template.js';

/** A policy of a role: one of its own, or an AWS::IAM::Policy that names it. */
export interface RolePolicy {
  /** The resource that has it, and where in it. */
  readonly id: string;
  readonly way: string;
  readonly document: Properties;
}

export function policiesOf(subject: Subject, role: Resource): RolePolicy[] {
  const own = listOf(role.properties.Policies).map((policy, index) => ({
    id: role.id,
    way: `Policies[${index}].PolicyDocument`,
    document: mapOf(mapOf(policy).PolicyDocument),
  }));
  const name = subject.evaluation.identity(role.id)?.ref;
  const others = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy']
    .flatMap((type) => ofType(subject, type))
    .filter(({ properties }) => [...listOf(properties.Roles), properties.RoleName].includes(name))
    .map(({ id, properties }) => ({ id, way: 'PolicyDocument', document: mapOf(properties.PolicyDocument) }));
  return [...own, ...others];
}

/** Whether a role may do something, conditions aside. */
export function grants(subject: Subject, role: Resource, action: string, arn: string): boolean {
  const statements = policiesOf(subject, role).flatMap(({ document }) => someOf(document.Statement).map(mapOf));
  const fits = (patterns: Properties[string] | undefined, text: string) =>
    someOf(patterns).some((pattern) => compileGlob(textOf(pattern))(text));
  return statements.some(
    ({ Effect, Action, Resource: resource }) => Effect === 'Allow' && fits(Action, action) && fits(resource, arn),
  );
}

/** As IAM counts it: without white space. */
export function policyLength(document: Properties): number {
  return JSON.stringify(document).replace(/\s/g, '').length;
}
