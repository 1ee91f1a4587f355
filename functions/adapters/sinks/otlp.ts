import type { OtlpSettings } from '../../../shared/config/forwardConfig.js';
import { otlpForm } from '../../../shared/forward/forms/otlp.js';
import { partialSuccess } from '../../../shared/forward/forms/partialSuccess.js';
import type { Sink } from '../../../shared/forward/ports.js';
import { postingSink } from './post.js';
import type { SinkSecrets } from './sinkSecrets.js';

export function otlpSink(settings: OtlpSettings, secrets: SinkSecrets): Sink {
  const { url, headers = {}, secret_headers: secretHeaders = {} } = settings;
  return postingSink(
    {
      name: 'the OTLP sink',
      form: otlpForm(settings),
      url: secrets.intake === undefined ? url : `${secrets.intake}/v1/logs`,
      place: 'forward.otlp.url of infra/firesplit.yml',
      headers,
      secretHeaders,
      accepted: partialSuccess,
    },
    secrets,
  );
}
