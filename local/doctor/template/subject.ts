import type { Properties } from '../../firehose/stream/streamConfig.js';
import type { Location } from '../../infra/document.js';
import type { Resolved } from '../../infra/resolver.js';
import type { Finding } from '../finding.js';
import { Evaluation, isTold } from './evaluate.js';
import { type Template, textOf } from './template.js';

/** A resource that a deployment makes, with what its properties come to. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
}

/** What the checks look at. */
export interface Subject {
  readonly template: Template;
  /** Of the template as it is uploaded. */
  readonly bytes: number;
  readonly evaluation: Evaluation;
  /** Those whose condition holds. */
  readonly resources: readonly Resource[];
  /** Where something of a resource is to be mended, such as `infra/resources/queue.yml:4 SignalsQueue.VisibilityTimeout`. */
  place(id: string, way?: string): string;
}

/** A group of checks. */
export type Checks = (subject: Subject) => Finding[];

interface SubjectOptions {
  readonly template: Template;
  readonly bytes: number;
  readonly account: { readonly id: string; readonly region: string; readonly stage: string };
  /** Where the infra files declare a logical id. */
  readonly declaredAt: (id: string) => Location | undefined;
}

export function subjectOf({ template, bytes, account, declaredAt }: SubjectOptions): Subject {
  const queueUrl = (name: string) => `https://sqs.${account.region}.amazonaws.com/${account.id}/${name}`;
  const evaluation = new Evaluation(template, { ...account, queueUrl });
  const resources = Object.entries(template.Resources)
    .filter(([id]) => evaluation.exists(id))
    .map(([id, { Type, Properties }]) => ({ id, type: Type, properties: mapOf(evaluation.valueOf(Properties ?? {})) }));
  return {
    template,
    bytes,
    evaluation,
    resources,
    place(id, way) {
      const at = declaredAt(id);
      return `${at === undefined ? '' : `${at.path}:${at.line} `}${[id, way].filter(Boolean).join('.')}`;
    },
  };
}

export function ofType({ resources }: Subject, type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

type Told = Omit<Finding, 'result' | 'place'>;

/** AWS refuses it, or nothing comes of it. */
export function fail(subject: Subject, id: string, way: string, told: Told): Finding {
  return { result: 'fail', place: subject.place(id, way), ...told };
}

/** AWS takes it, and it will hurt. */
export function warn(subject: Subject, id: string, way: string, told: Told): Finding {
  return { result: 'warn', place: subject.place(id, way), ...told };
}

/** The value at `A.B` of some properties. */
export function valueAt(properties: Properties, way: string): Resolved | undefined {
  return way.split('.').reduce<Resolved | undefined>((value, key) => mapOf(value)[key], properties);
}

export function mapOf(value: Resolved | undefined): Properties {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Properties) : {};
}

export function listOf(value: Resolved | undefined): readonly Resolved[] {
  return Array.isArray(value) ? (value as readonly Resolved[]) : [];
}

/** A list, or the one that stands for a list of it. */
export function someOf(value: Resolved | undefined): readonly Resolved[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly Resolved[]) : [value];
}

/** A number, which CloudFormation also takes as text; undefined when it is none or only the deployment can tell. */
export function numberOf(value: Resolved | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}

/** A text that is known before the deployment. */
export function toldText(value: Resolved | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = textOf(value);
  return isTold(text) ? text : undefined;
}
