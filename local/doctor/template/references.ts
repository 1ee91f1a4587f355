import { isMap, type Template, textOf } from './template.js';

export interface Reference {
  /** Where it stands: `LogStream.Properties.DeliveryStreamName`. */
  readonly from: string;
  /** The logical id, parameter or pseudo parameter that it names. */
  readonly to: string;
  /** What it asks of it, if it is a Fn::GetAtt; empty when that is not known before the deployment. */
  readonly attribute?: string;
}

/** What the template's resources refer to: Ref, Fn::GetAtt, the variables of Fn::Sub, DependsOn. */
export function references({ Resources }: Pick<Template, 'Resources'>): Reference[] {
  return Object.entries(Resources).flatMap(([id, { DependsOn, Properties }]) => [
    ...[DependsOn ?? []].flat().map((to) => ({ from: `${id}.DependsOn`, to: textOf(to) })),
    ...referencesIn(Properties, `${id}.Properties`),
  ]);
}

/** What any part of a template refers to. */
export function referencesIn(value: unknown, from: string): Reference[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => referencesIn(each, `${from}[${index}]`));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    switch (key) {
      case 'Ref':
        return [{ from, to: textOf(inner) }];
      case 'Fn::GetAtt': {
        const [to = '', ...attribute] = attributeWay(inner);
        return [{ from, to, attribute: attribute.join('.') }];
      }
      case 'Fn::Sub': {
        const [text, own] = Array.isArray(inner) ? inner : [inner, {}];
        const named = subVariables(textOf(text)).filter(({ to }) => !(isMap(own) && to in own));
        return [...named.map((each) => ({ from, ...each })), ...referencesIn(own, `${from}.Fn::Sub[1]`)];
      }
      default:
        return referencesIn(inner, key.startsWith('Fn::') ? from : `${from}.${key}`);
    }
  });
}

/** `[Queue, Arn]` of both forms of Fn::GetAtt. */
export function attributeWay(argument: unknown): string[] {
  if (typeof argument === 'string') return argument.split('.');
  return Array.isArray(argument) ? argument.map((each) => (typeof each === 'string' ? each : '')) : [];
}

/** `${Bucket.Arn}` names Bucket; `${!literal}` names nothing. */
function subVariables(text: string): Omit<Reference, 'from'>[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => {
    const [to = '', ...attribute] = name.trim().split('.');
    return attribute.length === 0 ? { to } : { to, attribute: attribute.join('.') };
  });
}
