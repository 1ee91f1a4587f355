import { lambda, own, stream, type Watched } from './alarms.js';

/** A chart of both dashboards. */
export interface Chart {
  readonly title: string;
  readonly shows: readonly Watched[];
  readonly stacked?: true;
}

/** What the dashboards show before the alarms: how much there is, and how quick it goes. */
export const charts: readonly Chart[] = [
  {
    title: 'Stored lines',
    shows: [own('transform', 'AccessLines'), own('transform', 'AppLines'), own('transform', 'ErrorLines')],
    stacked: true,
  },
  {
    title: 'Lines of collectors and of routers',
    shows: [own('transform', 'LinesIn'), own('transform', 'RouterLines')],
  },
  {
    title: 'Bytes: of lines, and as they are sent',
    shows: [own('transform', 'BytesIn'), stream('IncomingBytes', 'Sum')],
  },
  { title: 'Lag of routers (ms)', shows: [own('transform', 'CanaryLag')] },
  { title: "Fullest router's disk (bytes)", shows: [own('transform', 'RouterDiskBytes')] },
  {
    title: 'Duration (ms)',
    shows: ['transform', 'alert', 'sweep'].map((name) => lambda(name, 'Duration', 'Maximum')),
  },
  {
    title: 'Alerts told',
    shows: [own('alert', 'AlertsNotified'), own('alert', 'AlertsUndelivered'), own('alert', 'AlertsRefused')],
  },
  { title: 'Puts to the stream', shows: [stream('IncomingPutRequests', 'Sum'), stream('IncomingRecords', 'Sum')] },
  { title: 'Windows that wait for Parquet', shows: [own('compact', 'WindowsBehind')] },
];
