import type { AlertState } from './alertState.js';

/** The state as it is to a rule that is live: what went to the log alone, nobody was told. */
export function outOfShadow(state: AlertState): AlertState {
  return state.shadow ? { ...state, shadow: undefined, cooldown: undefined, episode: undefined } : state;
}
