import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { alarmRules } from '../../shared/metrics/alarmRules.js';
import { alarms, billedMetrics } from '../../shared/metrics/alarms.js';
import { allMetrics } from '../../shared/metrics/catalogue.js';
import { charts } from '../../shared/metrics/charts.js';
import { prices } from '../../shared/prices.js';
import { alarmId } from '../../tools/monitoring/alarmResources.js';
import { packageService, properties, type Template } from './package.js';

let template: Template;
beforeAll(async () => {
  ({ template } = await packageService([]));
}, 120_000);

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly Namespace?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Threshold?: number;
  readonly Period?: number;
}

const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
const propertiesOf = (type: string) => ofType(type).map(([id]) => properties<Record<string, unknown>>(template, id));

describe('the alarms', () => {
  it('are told to the operations route as well, by both functions that tell people', () => {
    expect(properties(template, 'AlarmEvents')).toMatchObject({
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: 'firesplit-test-' }], state: { value: ['ALARM', 'OK'] } },
      },
      Targets: [
        { Arn: { 'Fn::GetAtt': ['SweepLambdaFunction', 'Arn'] } },
        { Arn: { 'Fn::GetAtt': ['SignalsQueue', 'Arn'] } },
      ],
    });
    const from = { 'Fn::GetAtt': ['AlarmEvents', 'Arn'] };
    expect(properties(template, 'AlarmEventsPermission')).toMatchObject({
      FunctionName: { 'Fn::GetAtt': ['SweepLambdaFunction', 'Arn'] },
      Principal: 'events.amazonaws.com',
      SourceArn: from,
    });
    const { PolicyDocument } = properties<{ PolicyDocument: { Statement: readonly unknown[] } }>(
      template,
      'SignalsQueuePolicy',
    );
    expect(PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Action: 'sqs:SendMessage', Condition: { ArnEquals: { 'aws:SourceArn': from } } }),
    );
    for (const id of ['AlertLambdaFunction', 'SweepLambdaFunction']) {
      const { Environment } = properties<{ Environment: { Variables: Record<string, string> } }>(template, id);
      expect(Environment.Variables.ALARM_PREFIX).toBe('firesplit-test-');
    }
    // What a rule is called is what its alarm's name is.
    expect(alarmRules().map(({ name }) => name)).toEqual(alarms.map(({ name }) => `firesplit:alarm-${name}`));
  });

  it('are those of the list, each with a page, and tell people by SNS', async () => {
    expect(ofType('AWS::CloudWatch::Alarm').map(([id]) => id)).toEqual(alarms.map(alarmId));
    const hearers = [{ 'Fn::If': ['OwnAlarmTopic', { Ref: 'AlarmTopic' }, ''] }];
    for (const alarm of alarms) {
      const { AlarmName, AlarmActions, OKActions } = properties<AlarmProperties>(template, alarmId(alarm));
      expect(AlarmName).toBe(`firesplit-test-${alarm.name}`);
      expect([AlarmActions, OKActions]).toEqual([hearers, hearers]);
      expect(template.Resources[alarmId(alarm)]?.Condition).toBe(alarm.condition);
    }
    expect(propertiesOf('AWS::SNS::Subscription')).toEqual([
      { TopicArn: { Ref: 'AlarmTopic' }, Protocol: 'email', Endpoint: '' },
    ]);
    const pages = (await readdir('docs/alarms')).map((file) => file.replace(/\.md$/, ''));
    expect(pages.sort()).toEqual([...alarms.map(({ name }) => name), 'cost-a-day'].sort());
  });

  it('watch what is there: metrics that functions write, the stream, functions and queues', () => {
    const written = allMetrics().filter((metric) => metric.written !== 'log');
    const own = new Set(written.map(({ of, name }) => `${of} ${name}`));
    const functions = new Set(propertiesOf('AWS::Lambda::Function').map(({ FunctionName }) => FunctionName));
    const queues = new Set(propertiesOf('AWS::SQS::Queue').map(({ QueueName }) => QueueName));
    const resolved = (text: string) =>
      text
        .replace(`\${self:service}`, 'firesplit')
        .replace(`\${sls:stage}`, 'test')
        .replace(`\${param:stream}`, 'logs');
    for (const { namespace, metric, dimension } of [
      ...alarms.map(({ watches }) => watches),
      ...charts.flatMap(({ shows }) => shows),
    ]) {
      const value = resolved(dimension.value);
      switch (dimension.name) {
        case 'service':
          expect(resolved(namespace)).toBe('Firesplit/test');
          expect(own).toContain(`${value} ${metric}`);
          break;
        case 'FunctionName':
          expect([namespace, functions.has(value)]).toEqual(['AWS/Lambda', true]);
          break;
        case 'QueueName':
          expect([namespace, queues.has(value)]).toEqual(['AWS/SQS', true]);
          break;
        default:
          expect([namespace, dimension.name, value]).toEqual(['AWS/Firehose', 'DeliveryStreamName', 'logs']);
      }
    }
  });

  it('ring before a function is ended, at four fifths of its time', () => {
    for (const [id, of] of [
      ['TransformSlowAlarm', 'Transform'],
      ['SweepSlowAlarm', 'Sweep'],
    ] as const) {
      const { Timeout } = properties<{ Timeout: number }>(template, `${of}LambdaFunction`);
      expect(properties<AlarmProperties>(template, id).Threshold).toBe(Timeout * 1000 * 0.8);
    }
  });

  it('cost with the metrics that are always there what the page says, well below $10 a month', async () => {
    const billed = alarms
      .filter(({ condition }) => condition === undefined)
      .reduce((sum, each) => sum + billedMetrics(each), 0);
    const always = allMetrics().filter(({ written }) => written === 'always').length;
    const dollars = billed * prices.cloudwatchPerAlarm + always * prices.cloudwatchPerMetric;
    expect(dollars).toBeLessThan(6);
    expect(await readFile('docs/metrics.md', 'utf8')).toContain(`**$${dollars.toFixed(2)}** in all`);
  });
});

describe('the topic', () => {
  it('takes what CloudWatch and Budgets of this account say', () => {
    expect(properties(template, 'AlarmTopicPolicy')).toMatchObject({
      PolicyDocument: {
        Statement: [
          {
            Principal: { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  it('is only there while no other is named, and the budget while there is one', () => {
    expect(template.Conditions).toMatchObject({
      OwnAlarmTopic: { 'Fn::Equals': ['', ''] },
      NoAlarmEmail: { 'Fn::Equals': ['', ''] },
      NoBudget: { 'Fn::Equals': ['USD 0', 'USD 0'] },
    });
    expect(template.Resources.DailyBudget?.Condition).toBe('Budget');
    expect(properties(template, 'DailyBudget')).toMatchObject({
      Budget: {
        // An account has one budget of a name, and a stage may be in two of its regions.
        BudgetName: { 'Fn::Sub': `firesplit-test-cost-a-day-\${AWS::Region}` },
        CostFilters: {
          TagKeyValue: [{ 'Fn::Join': ['$', ['aws:cloudformation:stack-name', 'firesplit-test']] }],
          Region: [{ Ref: 'AWS::Region' }],
        },
      },
    });
  });
});

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly region?: string;
    readonly markdown?: string;
    readonly yAxis?: { readonly left: { readonly label: string } };
  };
}

describe('the dashboard of CloudWatch', () => {
  let widgets: readonly Widget[];
  beforeAll(() => {
    const { DashboardBody } = properties<{ DashboardBody: { 'Fn::Sub': string } }>(template, 'Dashboard');
    const text = DashboardBody['Fn::Sub'].replaceAll(/\$\{AWS::\w+\}/g, 'x');
    expect(text).not.toContain('$');
    ({ widgets } = JSON.parse(text) as { widgets: Widget[] });
  });

  it('shows each alarm, and whether it rings', () => {
    const titles = widgets.map((widget) => widget.properties.title);
    for (const { name } of alarms) expect(titles).toContain(name);
    expect(widgets[0]?.properties.alarms).toHaveLength(alarms.filter(({ condition }) => !condition).length);
  });

  it('says of each alarm what it means and where to read on, above its chart', () => {
    const texts = widgets.map(({ properties: { markdown = '' } }) => markdown).join('\n');
    for (const { name, says } of alarms) {
      expect(texts).toContain(`**${name}**: ${says}`);
      expect(texts).toContain(`docs/alarms/${name}.md`);
    }
  });

  it('draws what is usual where an alarm learns it, and the unit of every axis', () => {
    for (const { name, rings } of alarms) {
      const expressions = widgets
        .find((widget) => widget.properties.title === name)
        ?.properties.metrics?.flat()
        .filter((part) => typeof part === 'object' && part !== null && 'expression' in part);
      expect(expressions).toHaveLength('band' in rings ? 1 : 0);
    }
    for (const { type, properties: of } of widgets) {
      if (type === 'metric') expect(of.yAxis?.left.label).toMatch(/^(Count|Bytes|Milliseconds|Seconds|Share)$/);
    }
  });

  it('has the form that CloudWatch takes', () => {
    expect(widgets.length).toBeLessThanOrEqual(500);
    for (const { type, properties: of } of widgets) {
      if (type !== 'metric') continue;
      expect(of.region).toBe('x');
      for (const metric of of.metrics ?? []) {
        expect(metric).toEqual(
          metric.length === 1
            ? [{ expression: expect.any(String), id: expect.any(String), label: expect.any(String) }]
            : [...Array(4).fill(expect.any(String)), expect.objectContaining({ stat: expect.any(String) })],
        );
      }
    }
    expectNoOverlap(widgets.map(({ x, y, width: w, height: h }) => ({ x, y, w, h })));
  });
});

describe('the dashboard of Grafana', () => {
  interface Panel {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: Place;
    readonly links?: readonly { readonly url: string }[];
    readonly fieldConfig?: {
      readonly defaults: {
        readonly unit?: string;
        readonly noValue?: string;
        readonly custom?: { readonly axisSoftMax?: number };
      };
      readonly overrides: readonly Override[];
    };
    readonly targets?: readonly {
      readonly refId: string;
      readonly label?: string;
      readonly datasource: { readonly uid: string };
    }[];
  }
  interface Override {
    readonly matcher: { readonly options: string };
    readonly properties: readonly { readonly id: string; readonly value: unknown }[];
  }

  let text: string;
  let panels: readonly Panel[];
  let templating: { readonly list: readonly { readonly name: string }[] };
  beforeAll(async () => {
    text = await readFile('infra/grafana/firesplit.json', 'utf8');
    ({ panels, templating } = JSON.parse(text) as { panels: Panel[]; templating: typeof templating });
  });

  it('begins with whether each alarm rings, red where it does and no earlier, with the way to its page', () => {
    const states = panels.find(({ type }) => type === 'stat');
    expect(panels.indexOf(states as Panel)).toBe(1);
    const fixed = alarms.filter(({ rings }) => !('band' in rings));
    expect(states?.targets?.map(({ label }) => label)).toEqual(fixed.map(({ name }) => name));
    expect(new Set(states?.targets?.map(({ refId }) => refId)).size).toBe(fixed.length);
    for (const { name, rings, missing } of fixed) {
      const { properties: of = [] } = states?.fieldConfig?.overrides.find((o) => o.matcher.options === name) ?? {};
      const value = (id: string) => of.find((property) => property.id === id)?.value;
      expect(value('links')).toEqual([expect.objectContaining({ url: `\${repository:raw}/docs/alarms/${name}.md` })]);
      const { steps } = value('thresholds') as { steps: { color: string; value: number | null }[] };
      const colour = (at: number) => steps.findLast((step) => step.value === null || step.value <= at)?.color;
      if ('above' in rings) expect([colour(rings.above), colour(rings.above + 1)]).toEqual(['green', 'red']);
      if ('below' in rings) expect([colour(rings.below), colour(rings.below - 0.01)]).toEqual(['green', 'red']);
      // Without a number nothing was measured, so it is not green.
      expect(JSON.stringify(value('mappings'))).not.toContain('green');
      expect(JSON.stringify(value('mappings')).includes('"red"')).toBe(missing === 'breaching');
    }
  });

  it('says what it means that a panel is empty', () => {
    for (const { type, fieldConfig } of panels) {
      if (type !== 'row' && type !== 'stat') expect(fieldConfig?.defaults.noValue).toMatch(/\w/);
    }
  });

  it('shows where each alarm rings, with the way to its page', () => {
    for (const { name, rings } of alarms) {
      const panel = panels.find(({ title }) => title === name);
      expect(panel?.links?.map(({ url }) => url)).toEqual([`\${repository:raw}/docs/alarms/${name}.md`]);
      if ('above' in rings) expect(panel?.fieldConfig?.defaults.custom?.axisSoftMax).toBeGreaterThan(rings.above);
    }
    expect(panels.find(({ title }) => title === 'alerts-late')?.fieldConfig?.defaults.unit).toBe('s');
  });

  it('names a service of many by its name alone, and has room for the names', () => {
    const ofServices = panels.filter(({ type, title }) => type === 'timeseries' && / by service$/.test(title));
    expect(ofServices).toHaveLength(3);
    for (const panel of ofServices) {
      expect(panel).toMatchObject({
        gridPos: { w: 12 },
        fieldConfig: { defaults: { displayName: `\${__field.labels.service}` } },
        options: { legend: { displayMode: 'table', placement: 'right' } },
      });
    }
  });

  it('shows each alarm, by data sources and names that somebody chooses', () => {
    const names = [...templating.list.map(({ name }) => name), '__field'];
    for (const [, name] of text.replaceAll(/"rawSQL": .*/g, '').matchAll(/\$\{?(\w+)\}?/g))
      expect(names).toContain(name);
    const titles = panels.map(({ title }) => title);
    for (const { name } of alarms) expect(titles).toContain(name);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { type, targets } of panels) expect(targets === undefined).toBe(type === 'row');
    expectNoOverlap(panels.map(({ gridPos }) => gridPos));
  });
});

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Both have 24 columns. */
function expectNoOverlap(places: readonly Place[]): void {
  const taken = new Set<string>();
  for (const { x, y, w, h } of places) {
    expect(x + w).toBeLessThanOrEqual(24);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        expect(taken).not.toContain(`${column} ${line}`);
        taken.add(`${column} ${line}`);
      }
    }
  }
}
