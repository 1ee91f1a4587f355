import { SchemasClient, type SchemasClientConfig } from '@aws-sdk/client-schemas';
import { replayTestEvents } from '../../shared/replay/event/testEvents.js';
import { forgetTestEvents, shareTestEvents } from './shareTestEvents.js';

/** The parts of the Serverless Framework that the plugin uses. */
interface Serverless {
  readonly service: { getFunction(name: string): { readonly name: string } };
  getProvider(name: 'aws'): { getAwsSdkV3Config(): Promise<SchemasClientConfig> };
}

interface PluginTools {
  readonly log: { notice(text: string): void; warning(text: string): void };
}

/**
 * After `serverless deploy` the events of docs/replay.md stand in the console's Test tab of functions/replay; `serverless remove`
 * takes them away. Whoever deploys may not be allowed to: then only a warning is told.
 */
export default class TestEventsPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(
    private readonly serverless: Serverless,
    _options: unknown,
    private readonly tools: PluginTools,
  ) {
    this.hooks = {
      'after:deploy:deploy': () =>
        this.attempt('shared', (client, name) => shareTestEvents(client, name, replayTestEvents)),
      'after:remove:remove': () => this.attempt('removed', forgetTestEvents),
    };
  }

  private async attempt(
    done: string,
    work: (client: SchemasClient, functionName: string) => Promise<void>,
  ): Promise<void> {
    const { log } = this.tools;
    const { name } = this.serverless.service.getFunction('replay');
    const { region, credentials, endpoint } = await this.serverless.getProvider('aws').getAwsSdkV3Config();
    // The rest of it is for clients of the framework's own version.
    const client = new SchemasClient({ region, credentials, ...(endpoint ? { endpoint } : {}) } as SchemasClientConfig);
    try {
      await work(client, name);
      log.notice(`Test events of ${name} ${done}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warning(`The test events of ${name} were not ${done}: ${reason} Everything else is deployed.`);
    } finally {
      client.destroy();
    }
  }
}
