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

/** Nothing can be asked at all: nobody is signed in, there is no region, or nobody answers. */
export class CannotAsk extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
    cause: Error,
  ) {
    super(`${problem}: ${remedy}`, { cause });
  }
}

/**
 * An examination by what a service answers. That it refuses to say is no finding about the stage, and none of the next examination.
 *
 * @throws CannotAsk
 */
export async function look(asked: Asked, ask: () => Promise<Looked>): Promise<Examination> {
  try {
    return { name: asked.name, ...(await ask()) };
  } catch (error) {
    return { name: asked.name, about: '', findings: [unseen(asked, error)] };
  }
}

/** @throws CannotAsk, and whatever is no answer of a service */
export function unseen({ place, permission }: Pick<Asked, 'place' | 'permission'>, error: unknown): Finding {
  if (!(error instanceof Error)) throw error;
  if (error instanceof CannotAsk) throw error;
  const reason = whyNothingCanBeAsked(error);
  if (reason !== undefined) throw new CannotAsk(...reason, error);
  const denied = isDenied(error);
  return {
    result: 'unknown',
    place,
    problem: denied ? `you may not look: ${error.message}` : `the question failed: ${error.name}: ${error.message}`,
    remedy: denied ? `it takes ${permission}` : `ask again, and with ${permission}`,
  };
}

/** With what to do about it; undefined when the next question may well be answered. */
function whyNothingCanBeAsked(error: Error): [problem: string, remedy: string] | undefined {
  const { name, message } = error;
  if (name === 'CredentialsProviderError') {
    return [
      `nobody is signed in (${message})`,
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again (`aws sso login`)',
    ];
  }
  if (isSignInError(error)) {
    return [`AWS refuses who asks (${message})`, 'set AWS_PROFILE, or sign in again (`aws sso login`)'];
  }
  if (message === 'Region is missing') {
    const profile = process.env.AWS_PROFILE ?? 'default';
    return [
      `no region is set: neither --region nor AWS_REGION nor the profile ${profile} in ~/.aws/config names one`,
      'say --region, such as --region eu-west-1',
    ];
  }
  if (message.startsWith('Region not accepted')) {
    return [`that is no region (${message})`, 'write --region or AWS_REGION as AWS does, such as eu-west-1'];
  }
  if (isUnanswered(error)) return [`AWS does not answer (${message})`, 'look at the region and at the network'];
  return undefined;
}

/** Each service has a name of its own for it. */
function isDenied({ name, message }: Error): boolean {
  return /^(AccessDenied|NotAuthorized|Unauthorized|Forbidden|403)/.test(name) || /^You may not use /.test(message);
}
