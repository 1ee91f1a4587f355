import { opsgenie } from './opsgenie.js';
import { pagerduty } from './pagerduty.js';
import type { Service } from './service.js';
import { slack } from './slack.js';
import { sns } from './sns.js';
import { teams } from './teams.js';
import { webhook } from './webhook.js';

export const services: readonly Service[] = [slack, webhook, pagerduty, opsgenie, teams, sns];
