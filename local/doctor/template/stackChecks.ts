import { cloudFormation } from '../../../shared/limits.js';
import { counted } from '../../../shared/text/wording.js';
import type { Finding } from '../finding.js';
import { type Checks, fail } from './subject.js';
import { isMap, textOf } from './template.js';

const source = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';

/** What CloudFormation refuses of a template before it makes anything. */
export const stackChecks: Checks = (subject) => {
  const { template, bytes } = subject;
  const count = (part: 'Resources' | 'Outputs', most: number): Finding[] => {
    const found = Object.keys(template[part] ?? {}).length;
    if (found <= most) return [];
    return [
      fail(subject, part, '', {
        problem: `${found} of them, and a template has at most ${most}`,
        remedy: `take out ${found - most}, or give a part a stack of its own`,
        source,
      }),
    ];
  };
  const findings = [...count('Resources', cloudFormation.maxResources), ...count('Outputs', cloudFormation.maxOutputs)];
  if (bytes > cloudFormation.maxTemplateBytes) {
    findings.push(
      fail(subject, 'template', '', {
        problem: `${counted(bytes, 'byte')}, and CloudFormation reads at most ${counted(cloudFormation.maxTemplateBytes, 'byte')}`,
        remedy: 'shorten descriptions and comments of columns, or give a part a stack of its own',
        source,
      }),
    );
  }
  if (Buffer.byteLength(textOf(template.Description ?? '')) > cloudFormation.maxDescriptionBytes) {
    findings.push(
      fail(subject, 'Description', '', {
        problem: `longer than ${counted(cloudFormation.maxDescriptionBytes, 'byte')}`,
        remedy: 'shorten it',
        source,
      }),
    );
  }
  return [
    ...findings,
    ...Object.keys(template.Resources)
      .filter((id) => !/^[a-zA-Z0-9]{1,255}$/.test(id))
      .map((id) =>
        fail(subject, id, '', {
          problem: 'a logical id is of letters and digits alone, at most 255 of them',
          remedy: `rename it to ${id.replace(/[^a-zA-Z0-9]/g, '').slice(0, 255) || 'a name of letters'}`,
          source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html',
        }),
      ),
    ...Object.entries(template.Resources).flatMap(([id, resource]) =>
      unresolved(resource).map((variable) =>
        fail(subject, id, '', {
          problem: `${variable} was not replaced, and AWS takes it for the name of a resource or for text`,
          remedy: `use $\{self:service}, $\{sls:stage} or $\{param:NAME} of infra/parameters.yml, then package again`,
        }),
      ),
    ),
  ];
};

/** Variables of the framework that are still there. */
function unresolved(value: unknown): string[] {
  if (typeof value === 'string') return value.match(/\$\{(self|sls|param|file|opt|env|ssm|cf):[^}]*\}/g) ?? [];
  if (Array.isArray(value)) return value.flatMap(unresolved);
  return isMap(value) ? Object.values(value).flatMap(unresolved) : [];
}
