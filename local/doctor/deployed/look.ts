import { isSignInError, isUnanswered } from '../../ship/refusals.js';
import type { Examination, Finding } from '../finding.js';

/** What is looked at, for people who are told that it could not be. */
interface Asked {
  /** Of the examination. */
  readonly name: string;
  /** Such as `stream logs`. */
  readonly place: string;
  /** What it takes, such as `firehose:DescribeDeliveryStream`. */
  readonly permission: string;
}

/** What was found; `about` is what holds when nothing was. */
export type Looked = Pick<Examination, 'about' | 'findings'>;

/**
 * An examination by what a service answers. That it refuses to say is no finding about the stage, and none of the next examination.
 *
 * @throws Error when nothing can be asked at all: nobody is signed in, there is no region, or nobody answers
 */
export async function look(asked: Asked, ask: () => Promise<Looked>): Promise<Examination> {
  try {
    return { name: asked.name, ...(await ask()) };
  } catch (error) {
    return { name: asked.name, about: '', findings: [unseen(asked, error)] };
  }
}

/** @throws the error itself when it is none of a service, see {@link look} */
export function unseen({ place, permission }: Pick<Asked, 'place' | 'permission'>, error: unknown): Finding {
  if (!(error instanceof Error)) throw error;
  const because = { cause: error };
  if (isSignInError(error)) {
    throw new Error(
      `AWS refuses who asks (${error.message}): set AWS_PROFILE, or sign in again (\`aws sso login\`).`,
      because,
    );
  }
  if (error.message === 'Region is missing') {
    throw new Error('No region is set: say --region, or set AWS_REGION or AWS_PROFILE.', because);
  }
  if (isUnanswered(error)) {
    throw new Error(`AWS does not answer: ${error.message}. Look at the region and at the network.`, because);
  }
  const denied = isDenied(error);
  return {
    result: 'unknown',
    place,
    problem: denied ? `you may not look: ${error.message}` : `the question failed: ${error.name}: ${error.message}`,
    remedy: denied ? `it takes ${permission}` : `ask again, and with ${permission}`,
  };
}

/** Each service has a name of its own for it. */
function isDenied({ name, message }: Error): boolean {
  return /^(AccessDenied|NotAuthorized|Unauthorized|Forbidden|403)/.test(name) || /^You may not use /.test(message);
}
