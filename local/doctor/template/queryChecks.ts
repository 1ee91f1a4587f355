import { athena } from '../../../shared/limits.js';
import { type Checks, fail, mapOf, ofType, toldText } from './subject.js';
import { textOf } from './template.js';

const api = 'https://docs.aws.amazon.com/athena/latest/APIReference';

/** Workgroups and named queries of Athena. */
export const queryChecks: Checks = (subject) => {
  const workGroups = ofType(subject, 'AWS::Athena::WorkGroup');
  const names = workGroups.flatMap(({ properties }) => toldText(properties.Name) ?? []);
  return [
    ...workGroups.flatMap(({ id, properties }) => {
      const configuration = mapOf(properties.WorkGroupConfiguration);
      const location = mapOf(configuration.ResultConfiguration).OutputLocation;
      const isManaged = mapOf(configuration.ManagedQueryResultsConfiguration).Enabled;
      const way = 'WorkGroupConfiguration.ResultConfiguration.OutputLocation';
      if (location === undefined && textOf(isManaged) === 'true') return [];
      if (location !== undefined && textOf(isManaged) === 'true') {
        return [
          fail(subject, id, way, {
            problem: 'Athena keeps results itself, and refuses a location beside that',
            remedy: 'take the location out, or ManagedQueryResultsConfiguration',
            source: `${api}/API_WorkGroupConfiguration.html`,
          }),
        ];
      }
      if (/^s3:\/\/[^/]+\//.test(textOf(location))) return [];
      return [
        fail(subject, id, way, {
          problem: `${location === undefined ? 'there is none' : textOf(location)}: a query has nowhere to put its result`,
          remedy: 'write s3://BUCKET/FOLDER/',
          source: `${api}/API_ResultConfiguration.html`,
        }),
      ];
    }),
    ...ofType(subject, 'AWS::Athena::NamedQuery').flatMap(({ id, properties }) => {
      const workGroup = toldText(properties.WorkGroup);
      const isUnknown =
        workGroup !== undefined && names.length > 0 && !names.includes(workGroup) && workGroup !== 'primary';
      const length = textOf(properties.QueryString ?? '').length;
      return [
        ...(isUnknown
          ? [
              fail(subject, id, 'WorkGroup', {
                problem: `the stack makes no workgroup ${workGroup}`,
                remedy: `write !Ref ${workGroups[0]?.id}`,
                source: `${api}/API_CreateNamedQuery.html`,
              }),
            ]
          : []),
        ...(length < 1 || length > athena.maxQueryLength
          ? [
              fail(subject, id, 'QueryString', {
                problem: `${length} characters, and Athena takes 1 to ${athena.maxQueryLength}`,
                remedy: length < 1 ? 'write the query' : 'shorten the query',
                source: `${api}/API_CreateNamedQuery.html`,
              }),
            ]
          : []),
      ];
    }),
  ];
};
