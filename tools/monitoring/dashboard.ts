import { type Alarm, alarms, type Watched } from '../../shared/metrics/alarms.js';
import { chartPeriod, charts } from '../../shared/metrics/charts.js';
import { unitOf } from '../../shared/metrics/units.js';
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
  const full = (type: Widget['type'], rows: number, properties: Properties) => {
    all.push({ type, x: 0, y, width: 24, height: rows, properties });
    y += rows;
  };
  const grid = (cells: readonly Properties[]) => {
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
  // Those that ring come first, for whoever sees only the first of them.
  full('alarm', 4, { title: 'Alarms', alarms: always.map(alarmArn), sortBy: 'stateUpdatedTimestamp' });
  full('text', 1, { markdown: `## Lines and functions, each ${chartPeriod / 60} minutes` });
  grid(charts.map(({ title, shows, stacked = false }) => chart(title, shows, { stacked })));
  for (const [part, ofPart] of groupBy(alarms, (alarm) => alarm.part)) {
    full('text', 1 + Math.ceil(ofPart.length / 2), { markdown: [`## ${part}`, '', ...ofPart.map(said)].join('\n') });
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

/** A title has no room for it, and a chart without data says nothing. */
function said({ name, says, condition, missing }: Alarm): string {
  const absent =
    missing === 'breaching'
      ? ' It rings without data as well.'
      : condition === undefined
        ? ''
        : ' Without forwarding there is no such alarm, and no data.';
  return `- **${name}**: ${says}${absent} What to do: docs/alarms/${name}.md`;
}

function alarmChart({ name, watches, rings, period }: Alarm): Properties {
  if ('band' in rings) return chart(name, [watches], { period }, rings.band);
  const [label, value] = 'above' in rings ? ['rings above', rings.above] : ['rings below', rings.below];
  return chart(name, [watches], { period, annotations: { horizontal: [{ label, value, color: '#d62728' }] } });
}

type Properties = Widget['properties'];

/** @param band how many standard deviations from what is usual are drawn around the metric */
function chart(title: string, shows: readonly Watched[], more: Properties, band?: number): Properties {
  const unit = unitOf(shows);
  return {
    title,
    region,
    view: 'timeSeries',
    period: chartPeriod,
    ...more,
    yAxis: { left: { label: unit, showUnits: false, ...(unit === 'Share' ? { max: 1 } : { min: 0 }) } },
    metrics: [
      ...shows.map(({ namespace, metric, dimension, statistic }) => [
        ...[namespace, metric, dimension.name, dimension.value],
        { stat: statistic, ...(band === undefined ? {} : { id: 'lines' }) },
      ]),
      ...(band === undefined
        ? []
        : [[{ expression: `ANOMALY_DETECTION_BAND(lines, ${band})`, id: 'usual', label: 'usual' }]]),
    ],
  };
}
