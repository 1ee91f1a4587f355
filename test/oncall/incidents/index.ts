import { comingIncidents } from './comings.js';
import type { Incident } from './incident.js';
import { programIncidents } from './programs.js';
import { requestIncidents } from './requests.js';

export const incidents: readonly Incident[] = [...requestIncidents, ...programIncidents, ...comingIncidents];
