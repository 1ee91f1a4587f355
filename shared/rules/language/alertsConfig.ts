/** The section `alerts` of infra/firesplit.yml: where alerts go. */
export interface AlertsConfig {
  /**
   * Under a severity, the name of the route for rules that name none, or those of several routes. Under any other name, the
   * settings of the route of that name; a route without settings posts to Slack.
   */
  readonly routes?: Readonly<Record<string, string | readonly string[] | RouteSettings>>;
  /** The route of alerts about Firesplit itself, such as a rule that throws. */
  readonly operations_route?: string;
  /** Single alerts that one endpoint gets in any minute: all others go into a digest. */
  readonly messages_per_minute?: number;
  /** The labels that alerts have in common to become one message; all alerts of an endpoint once one is critical when absent. */
  readonly group_by?: readonly string[];
  /** How long the first message of a group waits for others, such as `30s`. */
  readonly group_wait?: string;
  /** The longest time between two messages of a group to which something is added, such as `5m`. */
  readonly group_interval?: string;
  /** Put before a rule's `runbook` that is a path. */
  readonly runbook_base?: string;
  /** Whether messages carry a link that silences their alert. */
  readonly silence_links?: boolean;
}

/** The one key is the kind of destination. */
export interface RouteSettings {
  /** The URL that JSON is posted to, or settings with the URL among them. */
  readonly webhook: string | WebhookSettings;
}

/** It has either `url` or `url_parameter`. A parameter is an SSM SecureString, named by the last part of its name. */
export interface WebhookSettings {
  readonly url?: string;
  readonly url_parameter?: string;
  /** Sent as a bearer token. */
  readonly token_parameter?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
