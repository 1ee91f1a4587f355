/** The section `alerts` of infra/firesplit.yml: where alerts go. */
export interface AlertsConfig {
  /**
   * Under a severity, the name of the route for rules that name none, or those of several routes. Under any other name, the
   * settings of the route of that name; a route without settings posts to Slack.
   */
  readonly routes?: Readonly<Record<string, string | readonly string[] | RouteSettings>>;
  /** The routes of alerts by what they are and when, for rules that name none: the first entry that fits is used. */
  readonly routing?: readonly RoutingEntry[];
  /** The route of alerts about Firesplit itself, such as a rule that throws. */
  readonly operations_route?: string;
  /** The route that is told every Monday what the stored lines cost; nobody is when absent. */
  readonly weekly_cost_route?: string;
  /** Single alerts that one endpoint gets in any minute: all others go into a digest. */
  readonly messages_per_minute?: number;
  /** The labels that alerts have in common to become one message; all alerts of an endpoint once one is critical when absent. */
  readonly group_by?: readonly string[];
  /** How long the first message of a group waits for others, such as `30s`. */
  readonly group_wait?: string;
  /** The longest time between two messages of a group to which something is added, such as `5m`. */
  readonly group_interval?: string;
  /** The same for what is info alone, such as `6h`. */
  readonly info_interval?: string;
  /** Put before a rule's `runbook` that is a path. */
  readonly runbook_base?: string;
  /** Whether messages carry a link that silences their alert. */
  readonly silence_links?: boolean;
  /** The page where people query what is stored: `{query}` in it is replaced by the query of a message. */
  readonly query_url?: string;
}

/** An entry of the routing table. Without `match` and `during` it fits every alert. */
export interface RoutingEntry {
  /** Label and glob: all have to fit. The labels are those of the key, `rule` and `severity`. */
  readonly match?: Readonly<Record<string, string>>;
  /** Times of the week, such as `mon-fri 09:00-18:00 Europe/Berlin`: one of them has to hold. */
  readonly during?: string | readonly string[];
  readonly route: string | readonly string[];
  /** The entries below are asked as well. */
  readonly continue?: boolean;
}

/** At most one key of {@link Destinations}; a route without any posts to Slack. */
export interface RouteSettings extends Destinations {
  /** The route that is told when this one refuses a message, or could not be told for `fallback_after`. */
  readonly fallback?: string;
  /** Such as `5m`, which is the default. */
  readonly fallback_after?: string;
  /** Times of the week when it is not told of less than critical alerts, such as `daily 22:00-07:00 Europe/Berlin`. */
  readonly mute?: string | readonly string[];
  /** Holds back critical alerts as well. */
  readonly mute_critical?: boolean;
}

/** Where a route posts to, by the kind of destination. */
export interface Destinations {
  /** The URL that JSON is posted to, or settings with the URL among them. */
  readonly webhook?: string | WebhookSettings;
  /** A channel of Slack that a bot token posts to: it updates messages, where a webhook can only add to them. */
  readonly slack_bot?: SlackBotSettings;
  readonly pagerduty?: KeyedSettings;
  readonly opsgenie?: KeyedSettings;
  readonly teams?: KeyedSettings;
  readonly sns?: SnsSettings;
}

interface SnsSettings {
  /** The ARN of a topic. */
  readonly topic: string;
}

export interface SlackBotSettings {
  /** Its id. */
  readonly channel: string;
  /** The SSM SecureString that holds the bot token, named by the last part of its name. */
  readonly token_parameter: string;
}

/** PagerDuty and Opsgenie have `key_parameter`, Teams has `url_parameter`. */
export interface KeyedSettings {
  /** The key of the integration. */
  readonly key_parameter?: string;
  readonly url_parameter?: string;
  readonly region?: 'us' | 'eu';
  /** Another address than the service's own, such as that of a proxy. */
  readonly url?: string;
}

/** It has either `url` or `url_parameter`. A parameter is an SSM SecureString, named by the last part of its name. */
export interface WebhookSettings {
  readonly url?: string;
  readonly url_parameter?: string;
  /** Sent as a bearer token. */
  readonly token_parameter?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
