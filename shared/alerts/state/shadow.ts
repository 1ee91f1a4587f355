import type { AlertState } from './alertState.js';

/** The state as a live rule sees it: a message that only went to the log starts no cooldown and no episode, and holds no lines back. */
export function outOfShadow(state: AlertState): AlertState {
  return state.shadow
    ? { ...state, shadow: undefined, cooldown: undefined, episode: undefined, held: undefined }
    : state;
}
