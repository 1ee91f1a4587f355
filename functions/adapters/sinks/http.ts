import type { HttpSettings } from '../../../shared/config/forwardConfig.js';
import { httpForm } from '../../../shared/forward/forms/http.js';
import type { Sink } from '../../../shared/forward/ports.js';
import { postingSink } from './post.js';
import type { SinkSecrets } from './sinkSecrets.js';

export function httpSink(settings: HttpSettings, secrets: SinkSecrets): Sink {
  const { url, headers = {}, secret_headers: secretHeaders = {} } = settings;
  return postingSink(
    {
      name: 'the HTTP sink',
      form: httpForm(settings),
      url: secrets.intake ?? url,
      place: 'forward.http.url of infra/firesplit.yml',
      headers,
      secretHeaders,
    },
    secrets,
  );
}
