import type { Template } from '../infra/package.js';

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
type Section = Readonly<Record<string, Json>>;

const noValue = Symbol('AWS::NoValue');

/**
 * A packaged template as CloudFormation takes it: the framework has put parameters into it as text, so that its conditions hold or
 * don't. Linters that read both sides of each find an ARN missing that is only asked for where there is one.
 */
export function effectiveTemplate(template: Template): Template {
  const { Conditions = {}, Resources, Outputs = {}, ...others } = template as unknown as Record<string, Section>;
  const holds = (name: Json): boolean => evaluate(Conditions[String(name)] ?? null, holds);
  const taken = (section: Section): Section =>
    Object.fromEntries(
      Object.entries(section).flatMap(([id, value]) => {
        const { Condition, ...rest } = value as Section;
        return Condition === undefined || holds(Condition) ? [[id, chosen(rest, holds) as Json]] : [];
      }),
    );
  return { ...others, Resources: taken(Resources ?? {}), Outputs: taken(Outputs) } as unknown as Template;
}

function evaluate(condition: Json, holds: (name: Json) => boolean): boolean {
  const [[name, operand] = ['', null]] = Object.entries(condition ?? {}) as [string, Json][];
  if (name === 'Condition') return holds(operand);
  const operands = Array.isArray(operand) ? (operand as readonly Json[]) : [];
  const held = () => operands.map((each) => evaluate(each, holds));
  switch (name) {
    case 'Fn::Equals':
      return operands[0] === operands[1];
    case 'Fn::Not':
      return held()[0] === false;
    case 'Fn::And':
      return held().every(Boolean);
    default:
      throw new Error(
        `a condition is ${JSON.stringify(condition)}; conditions of the template are Equals, Not, And and other conditions`,
      );
  }
}

function chosen(value: Json, holds: (name: Json) => boolean): Json | typeof noValue {
  if (Array.isArray(value)) return value.map((item: Json) => chosen(item, holds)).filter((item) => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const map = value as Section;
  if (map.Ref === 'AWS::NoValue') return noValue;
  const branches = map['Fn::If'] as readonly Json[] | undefined;
  if (branches) return chosen(branches[holds(branches[0] ?? null) ? 1 : 2] ?? null, holds);
  const entries = Object.entries(map).map(([key, item]) => [key, chosen(item, holds)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== noValue));
}
