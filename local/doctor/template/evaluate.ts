import type { Account } from '../../infra/account.js';
import { type Identity, identityOf } from '../../infra/identity.js';
import { pseudoParameter } from '../../infra/pseudoParameters.js';
import type { Resolved } from '../../infra/resolver.js';
import { attributeWay } from './references.js';
import { isMap, type Template, textOf } from './template.js';

/** `!Ref AWS::NoValue`: the property is left out. */
const noValue = Symbol('AWS::NoValue');
type Value = Resolved | typeof noValue;

/**
 * Replaces the intrinsics of a template as CloudFormation would for an account. What only a deployment can tell stays as it would stand in a
 * Fn::Sub, `${SilenceUrl.FunctionUrl}`: see {@link isTold}. Never throws: what is dangling is reported by the check of references.
 */
export class Evaluation {
  /** Resources whose names are being worked out: a name may not rest on itself. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly template: Template,
    private readonly account: Account,
  ) {}

  /** A part of the template; null when it is left out. */
  valueOf(part: unknown): Resolved {
    const value = this.evaluate(part);
    return value === noValue ? null : value;
  }

  /** Whether a resource is made: its condition holds, or it has none. */
  exists(id: string): boolean {
    const condition = this.template.Resources[id]?.Condition;
    return condition === undefined || this.holds(condition);
  }

  holds(condition: string): boolean {
    if (this.underWay.has(condition)) return false;
    this.underWay.add(condition);
    const value = this.evaluate(this.template.Conditions?.[condition]);
    this.underWay.delete(condition);
    return value === true;
  }

  /** What Ref and GetAtt give of a resource. */
  identity(id: string): Identity | undefined {
    const declared = this.template.Resources[id];
    if (declared === undefined || this.underWay.has(id)) return undefined;
    this.underWay.add(id);
    const identity = identityOf(declared.Type, {
      account: this.account,
      // CloudFormation makes up names of its own.
      generatedName: untold(id),
      property: (name) => {
        const value = isMap(declared.Properties) ? this.valueOf(declared.Properties[name]) : null;
        return value === null ? undefined : textOf(value);
      },
    });
    this.underWay.delete(id);
    return identity;
  }

  private evaluate(part: unknown): Value {
    if (Array.isArray(part)) return this.list(part);
    if (!isMap(part)) return (part ?? null) as Resolved;
    const [only, ...others] = Object.entries(part);
    if (only !== undefined && others.length === 0 && isIntrinsic(only[0])) return this.intrinsic(...only);
    const entries = Object.entries(part).map(([key, value]) => [key, this.evaluate(value)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Resolved] => entry[1] !== noValue));
  }

  private list(parts: readonly unknown[]): readonly Resolved[] {
    return parts.map((part) => this.evaluate(part)).filter((value) => value !== noValue);
  }

  private intrinsic(name: string, argument: unknown): Value {
    const list = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Ref':
        return this.ref(textOf(argument));
      case 'Condition':
        return this.holds(textOf(argument));
      case 'Fn::GetAtt': {
        const [id = '', ...attribute] = attributeWay(argument);
        return this.attribute(id, attribute.join('.'));
      }
      case 'Fn::Sub':
        return this.substitute(argument);
      case 'Fn::If':
        return this.evaluate(this.holds(textOf(list[0])) ? list[1] : list[2]);
      case 'Fn::Equals':
        return JSON.stringify(this.valueOf(list[0])) === JSON.stringify(this.valueOf(list[1]));
      case 'Fn::Not':
        return this.valueOf(list[0]) !== true;
      case 'Fn::And':
        return list.every((each) => this.valueOf(each) === true);
      case 'Fn::Or':
        return list.some((each) => this.valueOf(each) === true);
      case 'Fn::Join': {
        const parts = this.valueOf(list[1]);
        return Array.isArray(parts) ? parts.join(textOf(list[0])) : untold(name);
      }
      case 'Fn::Split':
        return textOf(this.valueOf(list[1])).split(textOf(list[0]));
      case 'Fn::Select': {
        const parts = this.valueOf(list[1]);
        return (Array.isArray(parts) ? (parts as readonly Resolved[])[Number(list[0])] : undefined) ?? untold(name);
      }
      default:
        return untold(name);
    }
  }

  private ref(name: string): Value {
    if (name === 'AWS::NoValue') return noValue;
    const pseudo = pseudoParameter(name, this.account);
    if (pseudo !== undefined) return pseudo;
    const parameter = this.template.Parameters?.[name];
    if (isMap(parameter)) return (parameter.Default ?? untold(name)) as Resolved;
    return this.identity(name)?.ref ?? untold(name);
  }

  private attribute(id: string, attribute: string): Resolved {
    return this.identity(id)?.attributes[attribute] ?? untold(`${id}.${attribute}`);
  }

  private substitute(argument: unknown): string {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    return textOf(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (isMap(own) && name in own) return textOf(this.valueOf(own[name]));
      const dot = name.indexOf('.');
      const value = dot === -1 ? this.ref(name) : this.attribute(name.slice(0, dot), name.slice(dot + 1));
      return value === noValue ? '' : textOf(value);
    });
  }
}

/** Whether a text is known before the deployment. */
export function isTold(text: string): boolean {
  return !text.includes('${');
}

function untold(name: string): string {
  return `\${${name}}`;
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}
