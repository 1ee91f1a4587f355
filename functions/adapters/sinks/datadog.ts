import type { DatadogSettings } from '../../../shared/config/forwardConfig.js';
import { datadogForm } from '../../../shared/forward/forms/datadog.js';
import type { Sink } from '../../../shared/forward/ports.js';
import { postingSink } from './post.js';
import type { SinkSecrets } from './sinkSecrets.js';

/** The path of its API: https://docs.datadoghq.com/api/latest/logs/#send-logs */
const path = '/api/v2/logs';

export function datadogSink(settings: DatadogSettings, secrets: SinkSecrets): Sink {
  const { site, url = `https://http-intake.logs.${site}${path}`, api_key_parameter: key } = settings;
  const { intake } = secrets;
  return postingSink(
    {
      name: 'Datadog',
      form: datadogForm(settings),
      url: intake === undefined ? url : `${intake}${path}`,
      place: `forward.datadog.${site === undefined ? 'url' : 'site'} of infra/firesplit.yml`,
      secretHeaders: { 'dd-api-key': key },
    },
    secrets,
  );
}
