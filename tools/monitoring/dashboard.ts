import { type Alarm, alarms, type Watched } from '../../shared/metrics/alarms.js';
import { charts } from '../../shared/metrics/charts.js';
import { groupBy } from '../../shared/text/groupBy.js';

/** infra/resources/dashboard.yml: the dashboard in CloudWatch. */
export function dashboardResource(): string {
  const body = JSON.stringify({ periodOverride: 'inherit', widgets: widgets() }, undefined, 2);
  return `# Generated of shared/metrics (npm run docs). The first three dashboards of an account cost nothing, each further one $3 a month.
Resources:
  Dashboard:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: \${self:service}-\${sls:stage}
      DashboardBody: !Sub |
${body
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
`;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
interface Widget {
  readonly type: 'alarm' | 'metric' | 'text' | 'log';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Three in a row of the 24 columns. */
const [width, height, inRow] = [8, 6, 3];

function widgets(): Widget[] {
  const all: Widget[] = [];
  let y = 0;
  const full = (type: Widget['type'], rows: number, properties: Widget['properties']) => {
    all.push({ type, x: 0, y, width: 24, height: rows, properties });
    y += rows;
  };
  const grid = (cells: readonly Widget['properties'][]) => {
    for (const [index, properties] of cells.entries()) {
      all.push({
        type: 'metric',
        x: (index % inRow) * width,
        y: y + Math.floor(index / inRow) * height,
        width,
        height,
        properties,
      });
    }
    y += Math.ceil(cells.length / inRow) * height;
  };
  // An alarm that may not be there would make the widget an error.
  const always = alarms.filter(({ condition }) => condition === undefined);
  full('alarm', 3, { title: 'Alarms', alarms: always.map(alarmArn) });
  grid(charts.map(({ title, shows, stacked = false }) => chart(title, shows, { stacked })));
  for (const [part, ofPart] of groupBy(alarms, (alarm) => alarm.part)) {
    full('text', 1, { markdown: `## ${part}` });
    grid(ofPart.map(alarmChart));
  }
  full('text', 1, { markdown: '## How lines were read' });
  full('log', 6, {
    title: 'By the transform, an hour',
    region,
    view: 'table',
    query: `SOURCE '/aws/lambda/\${self:service}-\${sls:stage}-transform' | filter service = "transform" | stats sum(LinesIn), sum(LaneLines), sum(UnparsedLines), sum(JoinedLines), sum(BlankLines) by bin(1h)`,
  });
  return all;
}

const region = `\${AWS::Region}`;

function alarmArn({ name }: Alarm): string {
  return `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:\${self:service}-\${sls:stage}-${name}`;
}

function alarmChart({ name, watches, rings, period }: Alarm): Widget['properties'] {
  const more =
    'band' in rings
      ? {}
      : { annotations: { horizontal: [{ label: name, value: 'above' in rings ? rings.above : rings.below }] } };
  return chart(name, [watches], { period, ...more });
}

function chart(
  title: string,
  shows: readonly Watched[],
  more: Readonly<Record<string, unknown>>,
): Widget['properties'] {
  return {
    title,
    region,
    view: 'timeSeries',
    period: 300,
    ...more,
    metrics: shows.map(({ namespace, metric, dimension, statistic }) => [
      ...[namespace, metric, dimension.name, dimension.value],
      { stat: statistic },
    ]),
  };
}
