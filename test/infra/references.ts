import type { Template } from './package.js';

export interface Reference {
  /** Where it stands: `LogStream.Properties.DeliveryStreamName`. */
  readonly from: string;
  /** The logical id or pseudo parameter it names. */
  readonly to: string;
}

/** Every logical id that the template's resources refer to: Ref, Fn::GetAtt, the variables of Fn::Sub, DependsOn. */
export function references({ Resources }: Template): Reference[] {
  return Object.entries(Resources).flatMap(([id, resource]) => [
    ...[resource.DependsOn ?? []].flat().map((to) => ({ from: `${id}.DependsOn`, to })),
    ...referencesIn(resource.Properties, `${id}.Properties`),
  ]);
}

function referencesIn(value: unknown, from: string): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [{ from, to: String(inner) }];
    if (key === 'Fn::GetAtt')
      return [{ from, to: String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? '' }];
    if (key === 'Fn::Sub') return subVariables(String(inner)).map((to) => ({ from, to }));
    return referencesIn(inner, `${from}.${key}`);
  });
}

/** `${Bucket.Arn}` names Bucket; `${!literal}` names nothing. */
function subVariables(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, name]) => name ?? '');
}
